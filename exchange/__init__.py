"""What other systems rely on: changes, webhooks, formats, the catalogue, the page for those who build on the API."""
