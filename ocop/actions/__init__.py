"""Every write of the OCOP register."""
