-- The customers themselves: the golden values, and what is counted about them.
-- touched: customer.golden_id
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
    last_changed TEXT,    -- the day of the run that last changed a golden value
    occupation TEXT
);

-- One row a customer that has or had a car, with the newest one, so that the ownerships are read
-- once: date and VIN are those of the row that has the maximum.
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

-- What the pre-call sheet says of a customer's cars.
CREATE TABLE work_car_line (
    golden_id TEXT PRIMARY KEY,
    models TEXT,
    purchase_date TEXT,
    vin TEXT
) WITHOUT ROWID;

-- Most customers have one car, and its line is known from counting.
INSERT INTO work_car_line
SELECT golden_id, model, purchase_date, vin FROM car_count WHERE cars_owned = 1;

-- Of several cars each model is named once, by its newest; the line's date and VIN are those of the
-- first.
INSERT INTO work_car_line
SELECT golden_id, group_concat(model, ', '), from_date, vin
FROM (
    SELECT golden_id, model, from_date, vin
    FROM (
        SELECT o.golden_id, o.model, o.from_date, o.vin,
               row_number() OVER (PARTITION BY o.golden_id, coalesce(o.model, o.vin)
                                  ORDER BY o.from_date DESC, o.vin) AS place
        FROM car_count c
        CROSS JOIN ownership o ON o.golden_id = c.golden_id
        WHERE c.cars_owned > 1 AND o.role = 'owner'
    )
    WHERE place = 1
    ORDER BY golden_id, from_date DESC, coalesce(model, vin) DESC
)
GROUP BY golden_id;

DROP TABLE car_count;
