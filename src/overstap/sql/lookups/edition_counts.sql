-- Vacancies of each year in two editions: how many both hold in that year, and how many one alone.
WITH years AS (
    SELECT vacancy_id, year, 1 AS is_old, 0 AS is_new FROM old_core_vacancies
    UNION ALL
    SELECT vacancy_id, year, 0, 1 FROM new_core_vacancies
),
each_vacancy AS (
    SELECT year, vacancy_id, MAX(is_old) AS is_old, MAX(is_new) AS is_new FROM years GROUP BY year, vacancy_id
)
SELECT
    year,
    SUM(is_old) AS old_n,
    SUM(is_new) AS new_n,
    SUM(is_old * is_new) AS both_n
FROM each_vacancy
GROUP BY year
ORDER BY year
