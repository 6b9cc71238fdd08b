"""Contributions as workbooks: the sheet to fill in, read back with every fault at its cell, and the list as a file."""
