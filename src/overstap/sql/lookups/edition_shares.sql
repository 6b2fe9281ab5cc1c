-- Shares of each item and year in two editions, and what part of their difference is coding, what part other vacancies.
WITH vacancies AS (
    SELECT 'old' AS edition, vacancy_id, year FROM old_core_vacancies
    UNION ALL
    SELECT 'new', vacancy_id, year FROM new_core_vacancies
),
taxonomy AS (
    SELECT 'old' AS edition, skill_id, category, category_group FROM old_core_skills
    UNION ALL
    SELECT 'new', skill_id, category, category_group FROM new_core_skills
),
asked AS (
    SELECT 'old' AS edition, vacancy_id, skill_id FROM old_core_vacancy_skills
    UNION ALL
    SELECT 'new', vacancy_id, skill_id FROM new_core_vacancy_skills
),
named AS (
    SELECT a.edition, a.vacancy_id, v.year, a.skill_id, k.category, k.category_group
    FROM asked AS a
    JOIN vacancies AS v ON v.edition = a.edition AND v.vacancy_id = a.vacancy_id
    JOIN taxonomy AS k ON k.edition = a.edition AND k.skill_id = a.skill_id
),
items AS (
    SELECT edition, vacancy_id, year, 'skill' AS item_kind, skill_id AS item_id FROM named
    UNION
    SELECT edition, vacancy_id, year, 'category', category FROM named
    UNION
    SELECT edition, vacancy_id, year, 'category_group', category_group FROM named
),
held AS (
    SELECT o.vacancy_id, o.year FROM old_core_vacancies AS o
    JOIN new_core_vacancies AS n ON n.vacancy_id = o.vacancy_id AND n.year = o.year
),
sizes AS (
    SELECT
        o.year, o.n AS old_n, n.n AS new_n, COALESCE(h.n, 0) AS both_n
    FROM (SELECT year, COUNT(*) AS n FROM old_core_vacancies GROUP BY year) AS o
    JOIN (SELECT year, COUNT(*) AS n FROM new_core_vacancies GROUP BY year) AS n ON n.year = o.year
    LEFT JOIN (SELECT year, COUNT(*) AS n FROM held GROUP BY year) AS h ON h.year = o.year
),
counted AS (
    SELECT
        i.item_kind,
        i.item_id,
        i.year,
        SUM(CASE WHEN i.edition = 'old' THEN 1 ELSE 0 END) AS old_asked,
        SUM(CASE WHEN i.edition = 'new' THEN 1 ELSE 0 END) AS new_asked,
        SUM(CASE WHEN i.edition = 'old' AND h.vacancy_id IS NOT NULL THEN 1 ELSE 0 END) AS old_both,
        SUM(CASE WHEN i.edition = 'new' AND h.vacancy_id IS NOT NULL THEN 1 ELSE 0 END) AS new_both
    FROM items AS i
    LEFT JOIN held AS h ON h.vacancy_id = i.vacancy_id AND h.year = i.year
    GROUP BY i.item_kind, i.item_id, i.year
),
measured AS (
    SELECT 'old' AS edition, item_kind, item_id, period, share_low, share_high FROM old_out_demand
    WHERE period_kind = 'year' AND topsector = 'all' AND function_group = 'all' AND language = 'all'
        AND source_id = 'all'
    UNION ALL
    SELECT 'new', item_kind, item_id, period, share_low, share_high FROM new_out_demand
    WHERE period_kind = 'year' AND topsector = 'all' AND function_group = 'all' AND language = 'all'
        AND source_id = 'all'
)
SELECT
    c.item_kind,
    c.item_id,
    c.year,
    100.0 * c.old_asked / s.old_n AS old_pct,
    o.share_low AS old_low,
    o.share_high AS old_high,
    100.0 * c.new_asked / s.new_n AS new_pct,
    n.share_low AS new_low,
    n.share_high AS new_high,
    100.0 * c.new_asked / s.new_n - 100.0 * c.old_asked / s.old_n AS difference_pct,
    -- Among the vacancies of both editions nothing but the coding can differ; where there are none, it is unknown.
    CASE WHEN s.both_n > 0 THEN 100.0 * (c.new_both - c.old_both) / s.both_n END AS by_coding_pct,
    CASE WHEN s.both_n > 0 THEN
        100.0 * c.new_asked / s.new_n - 100.0 * c.old_asked / s.old_n - 100.0 * (c.new_both - c.old_both) / s.both_n
    END AS by_vacancies_pct,
    s.old_n,
    s.new_n,
    s.both_n
FROM counted AS c
JOIN sizes AS s ON s.year = c.year
LEFT JOIN measured AS o
    ON o.edition = 'old' AND o.item_kind = c.item_kind AND o.item_id = c.item_id AND o.period = c.year
LEFT JOIN measured AS n
    ON n.edition = 'new' AND n.item_kind = c.item_kind AND n.item_id = c.item_id AND n.period = c.year
ORDER BY ABS(difference_pct) DESC, c.item_kind, c.item_id, c.year
