-- Vacancies per day, feed and sector: first posted that day, and last posted that day.
WITH placed AS (
    SELECT
        source_id,
        -- An agency (SBI 78) hires for clients of any sector.
        CASE WHEN is_agency OR SUBSTRING(sbi_code, 1, 2) = '78' THEN 'agency' ELSE COALESCE(sector, 'unknown') END AS sector,
        first_date,
        last_date
    FROM core_vacancies
),
days AS (
    SELECT source_id, sector, first_date AS day, 1 AS first_n, 0 AS last_n FROM placed
    UNION ALL
    SELECT source_id, sector, last_date AS day, 0 AS first_n, 1 AS last_n FROM placed
)
SELECT
    source_id,
    sector,
    day,
    CAST(SUM(first_n) AS BIGINT) AS first_n,
    CAST(SUM(last_n) AS BIGINT) AS last_n
FROM days
GROUP BY source_id, sector, day
