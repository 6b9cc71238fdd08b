"""The portal as its users run it: its own processes, real services, a real browser."""
