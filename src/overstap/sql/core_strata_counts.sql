-- Vacancies per cell of the weights; and with source and occupation `all`, the vacancies and employers of each sector.
WITH employers AS (
    SELECT kind, quarter, sector, employer_id, COUNT(*) AS n
    FROM core_strata
    GROUP BY kind, quarter, sector, employer_id
)
SELECT kind, quarter, source_id, sector, isco2, COUNT(*) AS vacancies_n, CAST(NULL AS BIGINT) AS employers_n
FROM core_strata
GROUP BY kind, quarter, source_id, sector, isco2
UNION ALL
SELECT
    kind,
    COALESCE(quarter, 'all') AS quarter,
    'all' AS source_id,
    COALESCE(sector, 'all') AS sector,
    'all' AS isco2,
    CAST(SUM(n) AS DECIMAL(18, 0)) AS vacancies_n,
    COUNT(DISTINCT employer_id) AS employers_n
FROM employers
GROUP BY kind, CUBE (quarter, sector)
