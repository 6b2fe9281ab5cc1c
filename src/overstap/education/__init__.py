"""Education: who studies what, who finishes, where they go, and whether programmes teach what is asked.

Importers of open files keep suppressed cells as bounds; success is measured on cohorts only, never on stocks.
"""
