"""The project as a whole: settings, health, deployment."""
