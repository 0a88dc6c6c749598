-- The answers of the satisfaction survey, the newest of a questionnaire's question.
CREATE TABLE survey_answer (
    source TEXT NOT NULL,
    answer TEXT NOT NULL,     -- the questionnaire's number
    indicator TEXT NOT NULL,  -- a leaf of the tree satisfaction of ahp.yaml
    golden_id TEXT,           -- whose mobile it is, when only one customer has it
    vin TEXT,                 -- the car it is about
    dealer TEXT,              -- that was asked about
    answered_on TEXT NOT NULL, -- the day
    score INTEGER NOT NULL,   -- 0 to 10
    PRIMARY KEY (source, answer, indicator)
) WITHOUT ROWID;

INSERT OR REPLACE INTO survey_answer
SELECT s.name, r.answer, r.indicator, CASE WHEN count(DISTINCT p.golden_id) = 1 THEN p.golden_id END,
       r.vin, r.dealer, r.answered_on, min(10, max(0, r.score))
FROM state.record_survey r
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN contact_point p ON p.value = r.mobile AND p.channel = 'mobile'
WHERE r.closed_run IS NULL
GROUP BY r.record_id
ORDER BY s.name, r.answer, r.indicator, r.answered_on, r.record_id;

-- Mean scores by who was asked, of the last survey_months.
CREATE TEMP TABLE survey_mean (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    criterion TEXT NOT NULL,
    mean REAL NOT NULL,   -- 0 to 100
    answers INTEGER NOT NULL,
    PRIMARY KEY (scope, name, criterion)
) WITHOUT ROWID;

INSERT INTO survey_mean
SELECT g.scope, CASE g.scope WHEN 'group' THEN 'all' WHEN 'dealer' THEN a.dealer ELSE k.stage END AS name,
       a.indicator, 10.0 * avg(a.score), count(*)
FROM survey_answer a
CROSS JOIN (SELECT 'group' AS scope UNION ALL SELECT 'dealer' UNION ALL SELECT 'stage') g
LEFT JOIN customer_value k ON k.golden_id = a.golden_id
WHERE a.answered_on > months_after((SELECT as_of FROM bound),
                                   -(SELECT value FROM parameter WHERE name = 'survey_months'))
GROUP BY 1, 2, 3
HAVING name IS NOT NULL;

-- Satisfaction by group, dealer and life-cycle stage, for each criterion of the tree: a leaf's index is
-- its mean score, a criterion's above is the mean of those below by their weights. What nobody was
-- asked about is left out, and the weights of the others are raised so that they sum to 1.
CREATE TABLE satisfaction (
    scope TEXT NOT NULL,       -- group, dealer, stage
    name TEXT NOT NULL,        -- all, the dealer, the stage
    criterion TEXT NOT NULL,   -- of the tree satisfaction; overall: the whole tree
    index_value REAL NOT NULL, -- 0 (worst) to 100 (best)
    answers INTEGER NOT NULL,  -- that it is reckoned from
    place INTEGER NOT NULL,    -- among those of the scope, 1 is best
    PRIMARY KEY (scope, name, criterion)
) WITHOUT ROWID;

INSERT INTO satisfaction
WITH RECURSIVE
    -- Each criterion with the leaves below it; the leaf's weight within it is its global weight over
    -- the criterion's own.
    reach (above, leaf) AS (
        SELECT criterion, criterion FROM ahp_weight WHERE tree = 'satisfaction' AND is_leaf
        UNION ALL
        SELECT w.parent, r.leaf
        FROM reach r
        CROSS JOIN ahp_weight w ON w.tree = 'satisfaction' AND w.criterion = r.above
        WHERE w.parent IS NOT NULL
    ),
    spread AS (
        SELECT above AS criterion, leaf FROM reach
        UNION ALL
        SELECT 'overall', criterion FROM ahp_weight WHERE tree = 'satisfaction' AND is_leaf
    )
SELECT scope, name, criterion, round(value, 2), answers,
       rank() OVER (PARTITION BY scope, criterion ORDER BY round(value, 2) DESC)
FROM (
    SELECT m.scope, m.name, s.criterion,
           sum(m.mean * w.global_weight) / sum(w.global_weight) AS value, sum(m.answers) AS answers
    FROM spread s
    CROSS JOIN ahp_weight w ON w.tree = 'satisfaction' AND w.criterion = s.leaf
    CROSS JOIN survey_mean m ON m.criterion = s.leaf
    GROUP BY m.scope, m.name, s.criterion
)
ORDER BY 1, 2, 3;

DROP TABLE survey_mean;
