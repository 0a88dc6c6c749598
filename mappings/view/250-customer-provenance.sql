-- Where each golden value came from. A customer of one record has all values from it, so only
-- those of several records are listed, and what a steward has typed. Values that belong together,
-- such as the parts of an address, come from one record and are one line.
-- touched: customer_provenance.golden_id
CREATE TABLE customer_provenance (
    golden_id TEXT NOT NULL,
    attribute TEXT NOT NULL, -- the value that is told about, a column of customer
    source TEXT,          -- empty: a steward typed it
    source_key TEXT,      -- the record's number there
    rule TEXT             -- why it survived, see survivorship.yaml; only: nobody else has one;
                          -- agreed: all have the same
);

-- A choice is known by its first column, the attribute; what comes with it has the same choice.
INSERT INTO customer_provenance
SELECT n.golden_id, a.attribute, s.name, r.source_key, c.rule
FROM each_golden_choice c
CROSS JOIN state.golden n ON n.golden_number = c.golden_number
CROSS JOIN (SELECT choice, name AS attribute, min(position) FROM state.golden_column GROUP BY choice) a
    ON a.choice = c.choice
LEFT JOIN state.record_customer r ON r.record_id = c.record_id
LEFT JOIN state.source s ON s.source_id = r.source_id;

CREATE INDEX customer_provenance_customer ON customer_provenance (golden_id);
