"""Education: who studies what, who finishes, where they go, and whether programmes teach what is asked.

Importers of open files keep suppressed cells as bounds; success is measured on cohorts only, never on stocks.
"""

LEAST_PCT = 2.0
"""Share of vacancies, in percent, from which a skill counts as asked."""
