"""Real PostgreSQL, Redis and Chromium for the tests, on a bare machine."""
