-- What stewards have said of two customers: that they are of one household, or one the other's
-- employer; or that they are not. The last word on two records counts, and goes with the customers
-- whose records they are. Both ways round, so that each customer's words are found by golden_id.
CREATE TABLE relation_decision (
    golden_id TEXT NOT NULL,
    other_golden_id TEXT NOT NULL, -- the other customer
    type TEXT NOT NULL,            -- household, employer
    holds INTEGER NOT NULL,        -- 1: accepted; 0: refused
    decided_at TEXT,               -- UTC
    decided_by TEXT,               -- the steward
    PRIMARY KEY (golden_id, other_golden_id, type)
) WITHOUT ROWID;

INSERT OR IGNORE INTO relation_decision
SELECT CASE w.way WHEN 1 THEN ga.golden_id ELSE gb.golden_id END,
       CASE w.way WHEN 1 THEN gb.golden_id ELSE ga.golden_id END,
       coalesce(d.attribute, 'household'), d.kind = 'relation', d.decided_at, d.decided_by
FROM state.decision d
CROSS JOIN (SELECT 1 AS way UNION ALL SELECT 2) w
CROSS JOIN state.source sa ON sa.name = d.source_a
CROSS JOIN state.record_customer ra ON ra.source_id = sa.source_id AND ra.source_key = d.key_a
CROSS JOIN state.crosswalk xa ON xa.record_id = ra.record_id
CROSS JOIN state.golden ga ON ga.golden_number = xa.golden_number
CROSS JOIN state.source sb ON sb.name = d.source_b
CROSS JOIN state.record_customer rb ON rb.source_id = sb.source_id AND rb.source_key = d.key_b
CROSS JOIN state.crosswalk xb ON xb.record_id = rb.record_id
CROSS JOIN state.golden gb ON gb.golden_number = xb.golden_number
WHERE d.kind IN ('relation', 'no_relation') AND NOT d.undone AND d.confirmed
  AND (d.until IS NULL OR d.until >= (SELECT value FROM parameter WHERE name = 'as_of'))
  AND ga.golden_number <> gb.golden_number
ORDER BY d.decision_id DESC, w.way;
