"""Page-shaped reads of the ledger, a constant number of statements each."""
