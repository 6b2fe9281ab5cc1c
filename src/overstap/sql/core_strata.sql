-- Where each vacancy belongs for its weight. New: the quarter in which it was first posted. Open: every quarter at whose
-- end it is live, that is first posted before it and last posted not longer ago than the study's live_days.
WITH placed AS (
    SELECT
        vacancy_id,
        employer_id,
        source_id,
        first_date,
        last_date,
        CONCAT(year, 'Q', QUARTER(first_date)) AS quarter,
        -- An agency (SBI 78) hires for clients of any sector.
        CASE WHEN is_agency OR SUBSTRING(sbi_code, 1, 2) = '78' THEN 'agency' ELSE COALESCE(sector, 'unknown') END AS sector,
        COALESCE(SUBSTRING(isco08, 1, 2), 'unknown') AS isco2
    FROM core_vacancies
),
ends AS (
    SELECT DISTINCT quarter, last_date, live_since FROM core_totals WHERE last_date BETWEEN $first_date AND $last_date
)
SELECT 'new' AS kind, quarter, vacancy_id, employer_id, source_id, sector, isco2
FROM placed
UNION ALL
SELECT 'open' AS kind, e.quarter, p.vacancy_id, p.employer_id, p.source_id, p.sector, p.isco2
FROM placed AS p
JOIN ends AS e ON p.first_date <= e.last_date AND p.last_date >= e.live_since
