-- Up to $limit vacancies (the ids of their first ads) that ask each of some skills, in some occupations; the last first.
WITH asking AS (
  SELECT
    s.skill_id,
    s.vacancy_id,
    ROW_NUMBER() OVER (PARTITION BY s.skill_id ORDER BY v.first_date DESC, s.vacancy_id) AS place
  FROM core_vacancy_skills AS s
  INNER JOIN core_vacancies AS v ON v.vacancy_id = s.vacancy_id
  WHERE array_contains($skill_ids, s.skill_id) AND ($every OR array_contains($isco08, v.isco08))
)
SELECT skill_id, vacancy_id FROM asking WHERE place <= $limit ORDER BY skill_id, place
