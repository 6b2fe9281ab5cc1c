-- Kind and id of every item that a vacancy counts for; a title only where it is frequent enough to be measured.
WITH asked AS (
    SELECT s.skill_id, s.category, s.category_group
    FROM core_vacancy_skills AS a
    JOIN core_skills AS s ON s.skill_id = a.skill_id
    WHERE a.vacancy_id = $vacancy_id
),
items AS (
    SELECT 1 AS place, 'skill' AS item_kind, skill_id AS item_id FROM asked
    UNION
    SELECT 2 AS place, 'category' AS item_kind, category AS item_id FROM asked
    UNION
    SELECT 3 AS place, 'category_group' AS item_kind, category_group AS item_id FROM asked
    UNION
    SELECT 4 AS place, 'function_group' AS item_kind, COALESCE(function_group, 'unknown') AS item_id
    FROM core_vacancies WHERE vacancy_id = $vacancy_id
    UNION
    SELECT 5 AS place, 'title' AS item_kind, title_key AS item_id
    FROM core_vacancies
    WHERE vacancy_id = $vacancy_id
        AND title_key IN (SELECT item_id FROM core_demand_sums WHERE item_kind = 'title')
)
SELECT item_kind, item_id FROM items ORDER BY place, item_id
