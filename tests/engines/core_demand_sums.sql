-- For every period, cell and item: how many vacancies have the item (x), of how many (n), and the sums over employers
-- from which the variance follows (Cochran 1977, ratio estimator over clusters).
WITH vacancies AS (
    SELECT
        v.vacancy_id, v.employer_id, v.year, v.topsectors, v.title_key, v.language, v.source_id,
        COALESCE(v.function_group, 'unknown') AS function_group, COALESCE(w.weight, 0.0) AS weight
    FROM core_vacancies AS v JOIN core_weights AS w ON w.vacancy_id = v.vacancy_id
),
in_topsectors AS (
    SELECT vacancy_id, employer_id, year, function_group, language, source_id, weight, 'all' AS topsector
    FROM vacancies
    UNION ALL
    SELECT vacancy_id, employer_id, year, function_group, language, source_id, weight, t.topsector
    FROM vacancies
    CROSS JOIN UNNEST(topsectors) AS t(topsector)
),
in_periods AS (
    SELECT
        'year' AS period_kind, year AS period, vacancy_id, employer_id, topsector, function_group, language, source_id,
        weight
    FROM in_topsectors
    UNION ALL
    SELECT
        'all' AS period_kind, 'all' AS period, vacancy_id, employer_id, topsector, function_group, language, source_id,
        weight
    FROM in_topsectors
),
-- Rare titles are left out here: they could never be listed, and there are as many as vacancies.
frequent_titles AS (
    SELECT title_key FROM vacancies WHERE title_key IS NOT NULL GROUP BY title_key HAVING COUNT(*) >= $min_display
),
items AS (
    SELECT vacancy_id, 'skill' AS item_kind, skill_id AS item_id
    FROM core_vacancy_skills
    UNION ALL
    SELECT DISTINCT a.vacancy_id, 'category' AS item_kind, s.category AS item_id
    FROM core_vacancy_skills AS a JOIN core_skills AS s ON s.skill_id = a.skill_id
    UNION ALL
    SELECT DISTINCT a.vacancy_id, 'category_group' AS item_kind, s.category_group AS item_id
    FROM core_vacancy_skills AS a JOIN core_skills AS s ON s.skill_id = a.skill_id
    UNION ALL
    SELECT DISTINCT vacancy_id, 'technology' AS item_kind, 'scripting' AS item_id
    FROM core_vacancy_skills WHERE skill_id IN ('core.python', 'core.sql')
    UNION ALL
    SELECT vacancy_id, 'technology' AS item_kind, 'querying' AS item_id
    FROM core_vacancy_skills WHERE skill_id = 'core.sql'
    UNION ALL
    SELECT vacancy_id, 'function_group' AS item_kind, function_group AS item_id
    FROM vacancies
    UNION ALL
    SELECT v.vacancy_id, 'title' AS item_kind, v.title_key AS item_id
    FROM vacancies AS v JOIN frequent_titles AS f ON f.title_key = v.title_key
),
employer_base AS (
    SELECT
        period_kind, period, topsector, employer_id,
        COALESCE(function_group, 'all') AS function_group,
        COALESCE(language, 'all') AS language,
        COALESCE(source_id, 'all') AS source_id,
        CAST(COUNT(*) AS DOUBLE) AS n, SUM(weight) AS w, SUM(weight * weight) AS ww
    FROM in_periods
    GROUP BY period_kind, period, topsector, employer_id, CUBE (function_group, language, source_id)
),
cells AS (
    SELECT
        period_kind, period, topsector, function_group, language, source_id,
        SUM(n) AS vacancies_n, COUNT(*) AS employers_n, SUM(n * n) AS sum_nn,
        SUM(w) AS weight_n, SUM(CASE WHEN w > 0 THEN 1 ELSE 0 END) AS weight_g, SUM(w * w) AS weight_nn,
        SUM(ww) AS weight_ww
    FROM employer_base
    GROUP BY period_kind, period, topsector, function_group, language, source_id
),
employer_asked AS (
    SELECT
        p.period_kind, p.period, p.topsector, p.employer_id, i.item_kind, i.item_id,
        COALESCE(p.function_group, 'all') AS function_group,
        COALESCE(p.language, 'all') AS language,
        COALESCE(p.source_id, 'all') AS source_id,
        CAST(COUNT(*) AS DOUBLE) AS x, SUM(p.weight) AS w
    FROM in_periods AS p
    JOIN items AS i ON i.vacancy_id = p.vacancy_id
    GROUP BY
        p.period_kind, p.period, p.topsector, p.employer_id, i.item_kind, i.item_id,
        CUBE (p.function_group, p.language, p.source_id)
),
asked AS (
    SELECT
        a.period_kind, a.period, a.topsector, a.function_group, a.language, a.source_id, a.item_kind, a.item_id,
        SUM(a.x) AS asked_n, SUM(a.x * a.x) AS sum_xx, SUM(a.x * b.n) AS sum_xn,
        SUM(a.w) AS weight_x, SUM(a.w * a.w) AS weight_xx, SUM(a.w * b.w) AS weight_xn
    FROM employer_asked AS a
    JOIN employer_base AS b
        ON b.period_kind = a.period_kind AND b.period = a.period AND b.topsector = a.topsector
        AND b.employer_id = a.employer_id AND b.function_group = a.function_group
        AND b.language = a.language AND b.source_id = a.source_id
    GROUP BY
        a.period_kind, a.period, a.topsector, a.function_group, a.language, a.source_id, a.item_kind, a.item_id
),
-- An item seen in a cell in any period gets a row, with an observed zero, in that cell's other periods.
seen AS (
    SELECT DISTINCT topsector, function_group, language, source_id, item_kind, item_id FROM asked
)
SELECT
    c.period_kind,
    c.period,
    c.topsector,
    c.function_group,
    c.language,
    c.source_id,
    s.item_kind,
    s.item_id,
    CAST(COALESCE(a.asked_n, 0.0) AS DECIMAL(18, 0)) AS asked_n,
    CAST(c.vacancies_n AS DECIMAL(18, 0)) AS vacancies_n,
    c.employers_n,
    COALESCE(a.sum_xx, 0.0) AS sum_xx,
    COALESCE(a.sum_xn, 0.0) AS sum_xn,
    c.sum_nn,
    COALESCE(a.weight_x, 0.0) AS weight_x,
    c.weight_n,
    CAST(c.weight_g AS DECIMAL(18, 0)) AS weight_g,
    COALESCE(a.weight_xx, 0.0) AS weight_xx,
    COALESCE(a.weight_xn, 0.0) AS weight_xn,
    c.weight_nn,
    c.weight_ww
FROM cells AS c
JOIN seen AS s
    ON s.topsector = c.topsector AND s.function_group = c.function_group
    AND s.language = c.language AND s.source_id = c.source_id
LEFT JOIN asked AS a
    ON a.period_kind = c.period_kind AND a.period = c.period AND a.topsector = c.topsector
    AND a.function_group = c.function_group AND a.language = c.language AND a.source_id = c.source_id
    AND a.item_kind = s.item_kind AND a.item_id = s.item_id
ORDER BY
    c.period_kind, c.topsector, c.function_group, c.language, c.source_id, s.item_kind, s.item_id, c.period
