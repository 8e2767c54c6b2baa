"""Output formats: each turns a report into lines of text."""
