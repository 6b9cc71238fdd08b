"""Reads of law, rounds, readings and their results: one module a page or a question."""
