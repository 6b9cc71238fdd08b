"""The officers' pages: parse, authorise, call one query or one action, render."""
