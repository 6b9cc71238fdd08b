"""Every write: sponsors, pledges, the ledger, its years, needs and funding."""
