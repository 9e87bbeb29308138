"""A researcher's own ledger: its form, reading the world's spreadsheets, a store that survives."""
