-- Whose answers have changed: their grades are made again.
-- nights only
INSERT OR IGNORE INTO touched_golden_id
SELECT g.golden_id
FROM customer_grade g
LEFT JOIN (SELECT golden_id, avg(score) / 10.0 AS mean
           FROM survey_answer
           WHERE golden_id IS NOT NULL
           GROUP BY golden_id) a ON a.golden_id = g.golden_id
WHERE g.satisfaction <> coalesce(round(a.mean, 4), 0.5);
