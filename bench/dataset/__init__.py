"""A country generated from a seed, on the portal's own tables and under the portal's own rulebooks."""
