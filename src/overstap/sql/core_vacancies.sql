-- One row per vacancy whose first posting lies in the study's period, coded from its first ad.
WITH postings AS (
    SELECT
        p.vacancy_id,
        MIN(a.posted_date) AS first_date,
        MAX(a.posted_date) AS last_date,
        COUNT(*) AS postings_n,
        MIN(p.employer_key) AS employer_key
    FROM core_postings AS p
    JOIN raw_ads AS a ON a.ad_id = p.ad_id
    WHERE a.posted_date IS NOT NULL
    GROUP BY p.vacancy_id
)
SELECT
    v.vacancy_id,
    a.source_id,
    -- An ad without a named employer is its own cluster: nothing is known of what it shares with others.
    COALESCE(v.employer_key, v.vacancy_id) AS employer_id,
    v.first_date,
    v.last_date,
    v.postings_n,
    STRFTIME(v.first_date, '%Y') AS year,
    STRFTIME(v.first_date, '%Y-%m') AS month,
    c.title,
    c.title_key,
    c.language,
    c.codable,
    c.isco08,
    c.isco08_score,
    c.isco08_candidates,
    c.function_group,
    c.is_hybrid,
    c.domains,
    c.education_levels,
    c.experience_years_min,
    c.hours_min,
    c.hours_max,
    c.salary_min,
    c.salary_max,
    c.salary_period,
    c.contract,
    c.languages_required,
    c.driving_licence,
    c.remote,
    c.is_agency,
    c.firm_size,
    c.sector,
    c.sbi_code,
    c.sector_score,
    c.topsectors,
    c.province_code,
    c.nuts3_code
FROM postings AS v
JOIN core_annotations AS c ON c.ad_id = v.vacancy_id
JOIN raw_ads AS a ON a.ad_id = v.vacancy_id
WHERE v.first_date BETWEEN $first_date AND $last_date
ORDER BY v.first_date, v.vacancy_id
