"""Words: reports, chapters, sections, goals, achievements, versions and review."""
