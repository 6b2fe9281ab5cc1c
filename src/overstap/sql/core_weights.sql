-- The weight of each vacancy among the new ones of its quarter.
SELECT s.vacancy_id, s.quarter, s.sector, w.stratum, w.weight, w.note
FROM core_strata AS s
LEFT JOIN core_strata_weights AS w
    ON w.kind = s.kind AND w.quarter = s.quarter AND w.source_id = s.source_id
    AND w.sector = s.sector AND w.isco2 = s.isco2
WHERE s.kind = 'new'
