"""Pages: parse, authorise, call one query or action, render."""
