"""Who: organisations, teams, people, their roles, and the log of who did what."""
