-- How much of a source, and of a year, comes from a single employer.
WITH employers AS (
    SELECT
        COALESCE(source_id, 'all') AS source_id, COALESCE(year, 'all') AS year, employer_id, COUNT(*) AS n
    FROM core_vacancies
    GROUP BY employer_id, CUBE (source_id, year)
)
SELECT
    source_id, year, CAST(SUM(n) AS DECIMAL(18, 0)) AS vacancies_n, COUNT(*) AS employers_n, MAX(n) AS largest_n
FROM employers
GROUP BY source_id, year
