"""Every write to law, rounds, readings, recognition and plans: one module an object."""
