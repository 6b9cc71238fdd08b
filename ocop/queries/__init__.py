"""Reads of the OCOP pages: a constant number of statements each."""
