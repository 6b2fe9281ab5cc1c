-- Vacancies per year, source and site of the first ad's address: the boards that are joined in one feed.
WITH addresses AS (
    SELECT
        v.year,
        v.source_id,
        COALESCE(REGEXP_EXTRACT(LOWER(a.url), '^(?:[a-z]+://)?(?:www[.])?([^/?#]+)', 1), '') AS board
    FROM core_vacancies AS v
    JOIN raw_ads AS a ON a.ad_id = v.vacancy_id
)
SELECT year, source_id, board, COUNT(*) AS vacancies_n
FROM addresses
GROUP BY year, source_id, board
