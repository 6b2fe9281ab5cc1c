"""The dashboard and the open API: what to show (`selection`), from which tables (`results`), as pages and as data."""
