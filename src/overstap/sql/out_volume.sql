-- Ads and vacancies per month and year, for every crossing of topsector, function group, language and source.
WITH vacancies AS (
    SELECT
        v.vacancy_id, v.employer_id, v.postings_n, v.year, v.month, v.topsectors,
        COALESCE(v.function_group, 'unknown') AS function_group, v.language, v.source_id
    FROM core_vacancies AS v
),
in_topsectors AS (
    SELECT vacancy_id, employer_id, postings_n, year, month, function_group, language, source_id, 'all' AS topsector
    FROM vacancies
    UNION ALL
    SELECT vacancy_id, employer_id, postings_n, year, month, function_group, language, source_id, t.topsector
    FROM vacancies
    CROSS JOIN UNNEST(topsectors) AS t(topsector)
),
in_periods AS (
    SELECT 'year' AS period_kind, year AS period, employer_id, postings_n, topsector, function_group, language, source_id
    FROM in_topsectors
    UNION ALL
    SELECT 'month' AS period_kind, month AS period, employer_id, postings_n, topsector, function_group, language, source_id
    FROM in_topsectors
)
SELECT
    period_kind,
    period,
    topsector,
    COALESCE(function_group, 'all') AS function_group,
    COALESCE(language, 'all') AS language,
    COALESCE(source_id, 'all') AS source_id,
    SUM(postings_n) AS ads_n,
    COUNT(*) AS vacancies_n,
    COUNT(DISTINCT employer_id) AS employers_n
FROM in_periods
GROUP BY period_kind, period, topsector, CUBE (function_group, language, source_id)
ORDER BY period_kind, period, topsector, function_group, language, source_id
