-- A few ads of each unit group whose skills were found, first ids first, with their text and those skills.
WITH ranked AS (
    SELECT
        v.vacancy_id,
        v.isco08,
        ROW_NUMBER() OVER (PARTITION BY v.isco08 ORDER BY v.vacancy_id) AS place
    FROM core_vacancies AS v
    WHERE v.isco08 IS NOT NULL
        AND v.vacancy_id IN (SELECT vacancy_id FROM core_vacancy_skills)
)
SELECT r.isco08, r.place, a.ad_id, a.title, a.text, c.skills
FROM ranked AS r
JOIN raw_ads AS a ON a.ad_id = r.vacancy_id
JOIN core_annotations AS c ON c.ad_id = r.vacancy_id
WHERE r.place <= $ads
ORDER BY r.isco08, r.place
