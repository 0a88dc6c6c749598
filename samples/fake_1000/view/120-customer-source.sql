-- Which source record is which golden customer.
CREATE TABLE customer_source (
    golden_id TEXT NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL
);

INSERT INTO customer_source
SELECT g.golden_id, s.name, r.source_key
FROM state.record_customer r
JOIN state.source s ON s.source_id = r.source_id
JOIN state.crosswalk x ON x.record_id = r.record_id
JOIN state.golden g ON g.golden_number = x.golden_number
ORDER BY s.name, r.source_key;

CREATE INDEX customer_source_golden ON customer_source (golden_id);
