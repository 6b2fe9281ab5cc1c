-- The vacancies that a number counts: those of its cell and its periods that have its item, first ids first. The cells
-- and items are those of core_demand_sums and out_volume. $periods holds years, months, or 'all'; $item_kind is 'any'
-- where the number counts vacancies, not an item; $skill_ids are the skills that make one.
SELECT v.vacancy_id
FROM core_vacancies AS v
WHERE ($topsector = 'all' OR ARRAY_CONTAINS(v.topsectors, $topsector))
    AND ($function_group = 'all' OR COALESCE(v.function_group, 'unknown') = $function_group)
    AND ($language = 'all' OR v.language = $language)
    AND ($source_id = 'all' OR v.source_id = $source_id)
    AND (
        ARRAY_CONTAINS($periods, 'all') OR ARRAY_CONTAINS($periods, v.year) OR ARRAY_CONTAINS($periods, v.month)
    )
    AND CASE $item_kind
        WHEN 'any' THEN TRUE
        WHEN 'function_group' THEN COALESCE(v.function_group, 'unknown') = $item_id
        WHEN 'title' THEN v.title_key = $item_id
        ELSE v.vacancy_id IN (SELECT vacancy_id FROM core_vacancy_skills WHERE ARRAY_CONTAINS($skill_ids, skill_id))
    END
ORDER BY v.vacancy_id
LIMIT $limit
