"""From coded vacancies to answers. Pure functions over Arrow tables; the sets are made in `overstap.sql`."""
