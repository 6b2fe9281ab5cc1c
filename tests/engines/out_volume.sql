-- Ads by their own date and source, vacancies by those of their first ad, per month and year, for every crossing of
-- topsector, function group, language and source.
WITH ads AS (
    SELECT
        v.employer_id,
        v.topsectors,
        v.language,
        COALESCE(v.function_group, 'unknown') AS function_group,
        a.source_id,
        STRFTIME(a.posted_date, '%Y') AS year,
        STRFTIME(a.posted_date, '%Y-%m') AS month,
        CASE WHEN p.ad_id = p.vacancy_id THEN 1 ELSE 0 END AS is_first
    FROM core_vacancies AS v
    JOIN core_postings AS p ON p.vacancy_id = v.vacancy_id
    JOIN raw_ads AS a ON a.ad_id = p.ad_id
    WHERE a.posted_date BETWEEN $first_date AND $last_date
),
in_topsectors AS (
    SELECT employer_id, language, function_group, source_id, year, month, is_first, 'all' AS topsector
    FROM ads
    UNION ALL
    SELECT employer_id, language, function_group, source_id, year, month, is_first, t.topsector
    FROM ads
    CROSS JOIN UNNEST(topsectors) AS t(topsector)
),
in_periods AS (
    SELECT 'year' AS period_kind, year AS period, employer_id, is_first, topsector, function_group, language, source_id
    FROM in_topsectors
    UNION ALL
    SELECT 'month' AS period_kind, month AS period, employer_id, is_first, topsector, function_group, language, source_id
    FROM in_topsectors
)
SELECT
    period_kind,
    period,
    topsector,
    COALESCE(function_group, 'all') AS function_group,
    COALESCE(language, 'all') AS language,
    COALESCE(source_id, 'all') AS source_id,
    COUNT(*) AS ads_n,
    SUM(is_first) AS vacancies_n,
    COUNT(DISTINCT CASE WHEN is_first = 1 THEN employer_id END) AS employers_n
FROM in_periods
GROUP BY period_kind, period, topsector, CUBE (function_group, language, source_id)
ORDER BY period_kind, period, topsector, function_group, language, source_id
