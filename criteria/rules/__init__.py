"""The law as pure functions: no Django, no clock, no settings. Shared by entry, import, explanation and checks."""
