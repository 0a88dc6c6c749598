-- The customers themselves: the golden values, and what is counted about them.
-- touched: customer.golden_id
CREATE TABLE customer (
    golden_number INTEGER PRIMARY KEY, -- the row's own; refer to golden_id
    golden_id TEXT NOT NULL,
    type TEXT,            -- person, organisation
    name TEXT,            -- as it is written
    name_key TEXT,        -- for searches: simplified characters
    name_pinyin TEXT,     -- syllables parted by blanks
    gender TEXT,          -- M, F …; a code
    birth_date TEXT,      -- YYYY-MM-DD
    id_number TEXT,       -- identity card, passport, organisation number
    id_type TEXT,         -- what kind of number that is
    mobile TEXT,          -- the preferred one; all are in contact_point
    landline TEXT,        -- the preferred one
    email TEXT,           -- the preferred one
    address TEXT,         -- as one line
    province TEXT,        -- of the address, after GB/T 2260
    city TEXT,            -- of the address
    district TEXT,        -- of the address
    sources INTEGER NOT NULL, -- that know the customer
    records INTEGER NOT NULL, -- of all sources, live ones
    cars_owned INTEGER NOT NULL, -- that the customer has now
    cars_ever INTEGER NOT NULL, -- that the customer has or had
    first_seen TEXT,      -- the day of the run that first had it
    last_changed TEXT,    -- the day of the run that last changed a golden value
    occupation TEXT       -- as the source has it
);

CREATE TEMP TABLE car_count (
    golden_id TEXT PRIMARY KEY,
    cars_owned INTEGER NOT NULL,
    cars_ever INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO car_count
SELECT golden_id, sum(role = 'owner'), count(DISTINCT coalesce(vin, plate, model))
FROM each_ownership
GROUP BY golden_id;

INSERT INTO customer
SELECT g.golden_number, g.golden_id, g.type, g.name, g.name_key, g.name_pinyin, g.gender,
       g.birth_date, g.id_number, g.id_type, g.mobile, g.landline, g.email, g.address,
       g.province, g.city, g.district, g.source_count, g.record_count,
       coalesce(c.cars_owned, 0), coalesce(c.cars_ever, 0), f.as_of, l.as_of,
       g.occupation
FROM each_golden g
LEFT JOIN car_count c ON c.golden_id = g.golden_id
LEFT JOIN state.run f ON f.run_id = g.first_run
LEFT JOIN state.run l ON l.run_id = g.changed_run
ORDER BY g.golden_number;

CREATE UNIQUE INDEX customer_id ON customer (golden_id);

-- What stewards search by: a prefix is a range of these.
CREATE INDEX customer_name ON customer (name_key);
CREATE INDEX customer_pinyin ON customer (replace(lower(name_pinyin), ' ', ''))
WHERE name_pinyin IS NOT NULL;
-- An organisation is also looked for as it is written, the place first.
CREATE INDEX customer_full_name ON customer (name) WHERE type <> 'person';
-- Who lives together.
CREATE INDEX customer_address ON customer (address) WHERE type = 'person';

CREATE INDEX customer_id_number ON customer (id_number) WHERE id_number IS NOT NULL;

DROP TABLE car_count;
