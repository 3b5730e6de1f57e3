"""Forms of reports: writing, reviewing, and arranging a report."""
