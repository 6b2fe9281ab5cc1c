-- Each skill once per vacancy, and only where the ad asks it: not from company text, benefits or application.
WITH mentions AS (
    SELECT c.ad_id AS vacancy_id, t.mention AS mention
    FROM core_annotations AS c
    CROSS JOIN UNNEST(c.skills) AS t(mention)
)
SELECT
    m.vacancy_id,
    m.mention.skill_id AS skill_id,
    MAX(CASE WHEN m.mention.required THEN 1 ELSE 0 END) = 1 AS required,
    COUNT(*) AS mentions_n,
    MAX(m.mention.score) AS score
FROM mentions AS m
JOIN core_vacancies AS v ON v.vacancy_id = m.vacancy_id
WHERE m.mention.section IN ('requirements', 'tasks', 'other')
GROUP BY m.vacancy_id, m.mention.skill_id
