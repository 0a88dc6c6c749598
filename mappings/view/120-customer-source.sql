-- The crosswalk: which record of which source is which customer.
-- touched: customer_source.golden_id
CREATE TABLE customer_source (
    golden_id TEXT NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL, -- the customer's number there
    name TEXT,                -- as that source has it
    mobile TEXT,              -- as that source has it, cleaned; so are the next two
    id_number TEXT,           -- cleaned
    address TEXT,             -- cleaned
    updated_at TEXT,          -- when the source last changed it
    first_seen TEXT,          -- the day of the run that first had it
    closed_on TEXT,           -- since when it is gone from the source's full export
    file TEXT,                -- where it was read last
    line INTEGER              -- in that file, from 1
);

INSERT INTO customer_source
SELECT n.golden_id, s.name, r.source_key, r.name, r.mobile, r.id_number, r.address, r.updated_at,
       f.as_of, c.as_of, r.file, r.line
FROM each_record_customer r
CROSS JOIN state.crosswalk x ON x.record_id = r.record_id
CROSS JOIN state.golden n ON n.golden_number = x.golden_number
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN state.run f ON f.run_id = r.first_run
LEFT JOIN state.run c ON c.run_id = r.closed_run;

CREATE INDEX customer_source_customer ON customer_source (golden_id, source);
CREATE INDEX customer_source_key ON customer_source (source_key);
