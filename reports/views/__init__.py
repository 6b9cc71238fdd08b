"""Reading pages, by subject: open to everybody for what is public. Each asks one query and renders it."""
