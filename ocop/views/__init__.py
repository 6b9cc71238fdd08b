"""Pages of OCOP: parse, authorise, call one query or one action, render."""
