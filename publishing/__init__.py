"""Editions: a report frozen into a document, and that document as a PDF."""
