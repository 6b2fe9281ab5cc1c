-- One vacancy; no row where the ad opens none in the study's period.
SELECT * FROM core_vacancies WHERE vacancy_id = $vacancy_id
