-- The skills that make an item: the skill itself, or those of a category or group; none for a title, function group or technology (these are of the study).
SELECT skill_id
FROM core_skills
WHERE CASE $item_kind
    WHEN 'skill' THEN skill_id
    WHEN 'category' THEN category
    WHEN 'category_group' THEN category_group
END = $item_id
ORDER BY skill_id
