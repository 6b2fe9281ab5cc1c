-- What happened to every row, per source: nothing is dropped without a count.
WITH ads AS (
    SELECT
        a.source_id, a.ad_id, a.posted_date, a.masked_n, p.vacancy_id, p.rule,
        f.posted_date AS vacancy_date, c.language, c.isco08, c.sector, c.education_levels, c.skills
    FROM raw_ads AS a
    JOIN core_postings AS p ON p.ad_id = a.ad_id
    JOIN raw_ads AS f ON f.ad_id = p.vacancy_id
    JOIN core_annotations AS c ON c.ad_id = a.ad_id
),
totals AS (
    SELECT source_id, COUNT(*) AS n FROM ads GROUP BY source_id
),
set_aside AS (
    SELECT source_id, reason_code, COUNT(*) AS n FROM raw_quarantine GROUP BY source_id, reason_code
),
counts AS (
    SELECT source_id, 'ads_read' AS measure, '' AS detail, COUNT(*) AS value_n FROM ads GROUP BY source_id
    UNION ALL
    SELECT source_id, 'ads_outside_period', '',
        SUM(CASE WHEN posted_date < $first_date OR posted_date > $last_date THEN 1 ELSE 0 END)
    FROM ads GROUP BY source_id
    UNION ALL
    -- Posted within the period, for a vacancy that was first posted before it: counted there, not here.
    SELECT source_id, 'ads_of_earlier_vacancies', '',
        SUM(CASE WHEN posted_date BETWEEN $first_date AND $last_date AND vacancy_date < $first_date THEN 1 ELSE 0 END)
    FROM ads GROUP BY source_id
    UNION ALL
    SELECT source_id, 'ads_without_date', '', COUNT(*) - COUNT(posted_date) FROM ads GROUP BY source_id
    UNION ALL
    SELECT source_id, 'ads_with_masked_data', '', SUM(CASE WHEN masked_n > 0 THEN 1 ELSE 0 END) FROM ads GROUP BY source_id
    UNION ALL
    SELECT source_id, 'ads_merged', rule, COUNT(*) FROM ads WHERE rule <> 'first' GROUP BY source_id, rule
    UNION ALL
    SELECT source_id, 'ads_in_language', language, COUNT(*) FROM ads GROUP BY source_id, language
    UNION ALL
    SELECT source_id, 'titles_coded', '', COUNT(isco08) FROM ads GROUP BY source_id
    UNION ALL
    SELECT source_id, 'sectors_coded', '', COUNT(sector) FROM ads GROUP BY source_id
    UNION ALL
    SELECT source_id, 'ads_with_education', '', SUM(CASE WHEN ARRAY_LENGTH(education_levels) > 0 THEN 1 ELSE 0 END)
    FROM ads GROUP BY source_id
    UNION ALL
    SELECT source_id, 'ads_with_skills', '', SUM(CASE WHEN ARRAY_LENGTH(skills) > 0 THEN 1 ELSE 0 END) FROM ads GROUP BY source_id
)
SELECT c.source_id, c.measure, c.detail, c.value_n, t.n AS base_n
FROM counts AS c
JOIN totals AS t ON t.source_id = c.source_id
UNION ALL
SELECT s.source_id, 'rows_set_aside', s.reason_code, s.n, s.n + COALESCE(t.n, 0)
FROM set_aside AS s
LEFT JOIN totals AS t ON t.source_id = s.source_id
