-- Ads with where they were read, the vacancy they belong to and why, and how they were coded.
SELECT
    c.*,
    a.source_id, a.file, a.line_number, a.posted_date, a.company, a.place, a.text,
    p.vacancy_id, p.rule, p.similarity
FROM raw_ads AS a
JOIN core_postings AS p ON p.ad_id = a.ad_id
JOIN core_annotations AS c ON c.ad_id = a.ad_id
WHERE ARRAY_CONTAINS($ad_ids, a.ad_id)
ORDER BY a.ad_id
