"""In progress: background work as rows: what was asked, how far it is, how it ended."""
