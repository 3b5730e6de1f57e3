"""Figures: tables, lines, amendments, variances and explanations."""
