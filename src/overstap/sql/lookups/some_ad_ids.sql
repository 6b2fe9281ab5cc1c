-- Ids to suggest where an ad is not found.
SELECT ad_id FROM raw_ads ORDER BY ad_id LIMIT 5000
