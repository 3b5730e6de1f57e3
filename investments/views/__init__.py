"""Pages of figures: tables, the grid, lines, amendments, explanations."""
