-- From a source's own customer number to the golden customer: what sales, visits, memberships and
-- leads name. Work tables (CREATE TEMP) are not published; both lanes need this one.
-- full builds only
CREATE TEMP TABLE customer_number (
    source_id INTEGER NOT NULL,
    customer_key TEXT NOT NULL,
    golden_number INTEGER NOT NULL,
    golden_id TEXT NOT NULL,
    PRIMARY KEY (source_id, customer_key)
) WITHOUT ROWID;

INSERT INTO customer_number
SELECT r.source_id, r.source_key, g.golden_number, g.golden_id
FROM state.record_customer r
CROSS JOIN state.crosswalk x ON x.record_id = r.record_id
CROSS JOIN state.golden g ON g.golden_number = x.golden_number
ORDER BY r.source_id, r.source_key;
