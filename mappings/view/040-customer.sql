-- The customers themselves: the golden values, and what is counted about them.
CREATE TABLE customer (
    golden_number INTEGER PRIMARY KEY, -- the row's own; refer to golden_id
    golden_id TEXT NOT NULL,
    type TEXT,
    name TEXT,
    name_key TEXT,        -- for searches: simplified characters
    name_pinyin TEXT,
    gender TEXT,
    birth_date TEXT,
    id_number TEXT,
    id_type TEXT,
    mobile TEXT,
    landline TEXT,
    email TEXT,
    address TEXT,
    province TEXT,
    city TEXT,
    district TEXT,
    sources INTEGER NOT NULL,
    records INTEGER NOT NULL,
    cars_owned INTEGER NOT NULL,
    cars_ever INTEGER NOT NULL,
    first_seen TEXT,      -- the day of the run that first had it
    last_changed TEXT     -- the day of the run that last changed a golden value
);

-- One row a customer that has or had a car. The pre-call sheet takes the newest car from here too,
-- so that the ownerships are read once: date and VIN are those of the row that has the maximum.
CREATE TEMP TABLE car_count (
    golden_id TEXT PRIMARY KEY,
    cars_owned INTEGER NOT NULL,
    cars_ever INTEGER NOT NULL,
    newest TEXT,
    purchase_date TEXT,
    vin TEXT,
    model TEXT
) WITHOUT ROWID;

INSERT INTO car_count
SELECT golden_id, sum(role = 'owner'), count(DISTINCT coalesce(vin, plate, model)),
       max(CASE role WHEN 'owner' THEN coalesce(from_date, '') END), from_date, vin, model
FROM ownership
GROUP BY golden_id;

INSERT INTO customer
SELECT g.golden_number, g.golden_id, g.type, g.name, g.name_key, g.name_pinyin, g.gender,
       g.birth_date, g.id_number, g.id_type, g.mobile, g.landline, g.email, g.address,
       g.province, g.city, g.district, g.source_count, g.record_count,
       coalesce(c.cars_owned, 0), coalesce(c.cars_ever, 0), f.as_of, l.as_of
FROM state.golden g
LEFT JOIN car_count c ON c.golden_id = g.golden_id
LEFT JOIN state.run f ON f.run_id = g.first_run
LEFT JOIN state.run l ON l.run_id = g.changed_run
ORDER BY g.golden_number;

CREATE UNIQUE INDEX customer_id ON customer (golden_id);

-- The crosswalk: which record of which source is which customer.
CREATE TABLE customer_source (
    golden_id TEXT NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL, -- the customer's number there
    name TEXT,                -- as that source has it
    mobile TEXT,
    id_number TEXT,
    address TEXT,
    updated_at TEXT,
    first_seen TEXT,
    closed_on TEXT,           -- since when it is gone from the source's full export
    file TEXT,
    line INTEGER
);

INSERT INTO customer_source
SELECT n.golden_id, s.name, r.source_key, r.name, r.mobile, r.id_number, r.address, r.updated_at,
       f.as_of, c.as_of, r.file, r.line
FROM state.record_customer r
CROSS JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.source_key
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN state.run f ON f.run_id = r.first_run
LEFT JOIN state.run c ON c.run_id = r.closed_run;

-- Where each golden value came from. A customer of one record has all values from it, so only
-- those of several records are listed, and what a steward has typed. Values that belong together,
-- such as the parts of an address, come from one record and are one line.
CREATE TABLE customer_provenance (
    golden_id TEXT NOT NULL,
    attribute TEXT NOT NULL,
    source TEXT,          -- empty: a steward typed it
    source_key TEXT,
    rule TEXT             -- why it survived, see survivorship.yaml; only: nobody else has one;
                          -- agreed: all have the same
);

-- A choice is known by its first column, the attribute; what comes with it has the same choice.
INSERT INTO customer_provenance
SELECT n.golden_id, a.attribute, s.name, r.source_key, c.rule
FROM state.golden_choice c
CROSS JOIN state.golden n ON n.golden_number = c.golden_number
CROSS JOIN (SELECT choice, name AS attribute, min(position) FROM state.golden_column GROUP BY choice) a
    ON a.choice = c.choice
LEFT JOIN state.record_customer r ON r.record_id = c.record_id
LEFT JOIN state.source s ON s.source_id = r.source_id;
