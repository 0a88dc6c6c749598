-- Each customer's grade, the same at every dealer: criteria from 0 to 1, weighted by the tree grade of
-- ahp.yaml. Whoever was never asked is as satisfied as the mean of the scale.
-- touched: customer_grade.golden_id
CREATE TABLE customer_grade (
    golden_id TEXT NOT NULL,
    grade TEXT NOT NULL,            -- A to E, see grade_from_…
    is_vip INTEGER NOT NULL,        -- 1: the score is vip_from or more
    score REAL NOT NULL,            -- 0 to 100: the weighted sum of what follows
    expected_value REAL NOT NULL,   -- clv_expected over grade_value_full
    recency REAL NOT NULL,          -- of RFM, 1 to 5 as 0 to 1; so are the next two
    frequency REAL NOT NULL,        -- of RFM, 1 to 5 as 0 to 1
    spending REAL NOT NULL,         -- of RFM (monetary), 1 to 5 as 0 to 1
    cars REAL NOT NULL,             -- cars owned over grade_cars_full
    membership REAL NOT NULL,       -- the level, 0 to 3, over 3
    satisfaction REAL NOT NULL      -- mean answer over 10
);

CREATE TEMP TABLE answered (golden_id TEXT PRIMARY KEY, mean REAL NOT NULL) WITHOUT ROWID;

INSERT INTO answered
SELECT golden_id, avg(score) / 10.0 FROM survey_answer WHERE golden_id IS NOT NULL GROUP BY golden_id;

-- LIMIT -1 in what is joined keeps SQLite from reckoning a column anew wherever it is used.
INSERT INTO customer_grade
SELECT golden_id,
       CASE WHEN score >= (SELECT value FROM parameter WHERE name = 'grade_from_a') THEN 'A'
            WHEN score >= (SELECT value FROM parameter WHERE name = 'grade_from_b') THEN 'B'
            WHEN score >= (SELECT value FROM parameter WHERE name = 'grade_from_c') THEN 'C'
            WHEN score >= (SELECT value FROM parameter WHERE name = 'grade_from_d') THEN 'D'
            ELSE 'E' END,
       score >= vip_from,
       score, expected_value, recency, frequency, spending, cars, membership, satisfaction
FROM (
    SELECT *, round(100 * (
        expected_value * (SELECT global_weight FROM ahp_weight
                          WHERE tree = 'grade' AND criterion = 'expected_value')
        + recency * (SELECT global_weight FROM ahp_weight
                     WHERE tree = 'grade' AND criterion = 'recency')
        + frequency * (SELECT global_weight FROM ahp_weight
                       WHERE tree = 'grade' AND criterion = 'frequency')
        + spending * (SELECT global_weight FROM ahp_weight
                      WHERE tree = 'grade' AND criterion = 'spending')
        + cars * (SELECT global_weight FROM ahp_weight WHERE tree = 'grade' AND criterion = 'cars')
        + membership * (SELECT global_weight FROM ahp_weight
                        WHERE tree = 'grade' AND criterion = 'membership')
        + satisfaction * (SELECT global_weight FROM ahp_weight
                          WHERE tree = 'grade' AND criterion = 'satisfaction')), 2) AS score
    FROM (
        SELECT k.golden_id,
               round(min(1.0, k.clv_expected
                              / (SELECT value FROM parameter WHERE name = 'grade_value_full')), 4)
                   AS expected_value,
               (k.recency - 1) / 4.0 AS recency, (k.frequency - 1) / 4.0 AS frequency,
               (k.monetary - 1) / 4.0 AS spending,
               round(min(1.0, 1.0 * c.cars_owned
                              / (SELECT value FROM parameter WHERE name = 'grade_cars_full')), 4)
                   AS cars,
               coalesce(round(m.level_rank / 3.0, 4), 0.0) AS membership,
               coalesce(round(a.mean, 4), 0.5) AS satisfaction
        FROM each_customer_value k
        CROSS JOIN customer c ON c.golden_id = k.golden_id
        LEFT JOIN member_level m ON m.golden_id = k.golden_id
        LEFT JOIN answered a ON a.golden_id = k.golden_id
        LIMIT -1
    )
    LIMIT -1
)
CROSS JOIN (SELECT (SELECT value FROM parameter WHERE name = 'vip_from') AS vip_from);

DROP TABLE answered;

CREATE UNIQUE INDEX customer_grade_id ON customer_grade (golden_id);
