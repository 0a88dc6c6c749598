-- What the stewards still have to decide, and what became of ids that were ever published.
CREATE TABLE possible_match (
    golden_a TEXT NOT NULL, -- one customer
    golden_b TEXT NOT NULL, -- the other
    weight_bits REAL,       -- evidence for the same, in bits; the more, the stronger
    probability REAL,       -- of being the same, 0 to 1
    reason TEXT,            -- why it is not decided
    source_a TEXT NOT NULL, -- the records in question: source and number there
    key_a TEXT NOT NULL,    -- of golden_a
    source_b TEXT NOT NULL, -- of the other record
    key_b TEXT NOT NULL     -- of golden_b
);

INSERT INTO possible_match
SELECT ga.golden_id, gb.golden_id, m.weight, m.probability, m.reason, sa.name, a.source_key,
       sb.name, b.source_key
FROM state.possible_match m
CROSS JOIN state.crosswalk xa ON xa.record_id = m.record_a
CROSS JOIN state.crosswalk xb ON xb.record_id = m.record_b
CROSS JOIN state.golden ga ON ga.golden_number = xa.golden_number
CROSS JOIN state.golden gb ON gb.golden_number = xb.golden_number
CROSS JOIN state.record_customer a ON a.record_id = m.record_a
CROSS JOIN state.record_customer b ON b.record_id = m.record_b
CROSS JOIN state.source sa ON sa.source_id = a.source_id
CROSS JOIN state.source sb ON sb.source_id = b.source_id
WHERE xa.golden_number <> xb.golden_number
ORDER BY m.weight DESC, m.record_a, m.record_b;

-- What has become of ids that were merged away: whoever holds one finds the customer by it.
CREATE TABLE golden_alias (
    golden_id TEXT NOT NULL, -- merged away
    becomes TEXT NOT NULL    -- always a living customer
);

INSERT INTO golden_alias SELECT golden_id, becomes FROM state.golden_alias;

CREATE INDEX possible_match_a ON possible_match (golden_a);
CREATE INDEX possible_match_b ON possible_match (golden_b);
CREATE UNIQUE INDEX golden_alias_id ON golden_alias (golden_id);
CREATE INDEX golden_alias_becomes ON golden_alias (becomes);
