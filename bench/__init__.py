"""How fast the portal answers, beside a floor measured in the same run."""
