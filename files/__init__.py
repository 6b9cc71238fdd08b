"""Files that people send: told from their content, opened where they can do no harm, kept under random names."""
