-- Cars: what they are, and who had them from when to when.
-- touched: vehicle.vin, ownership.golden_id
CREATE TABLE vehicle (
    vin TEXT NOT NULL,
    maker TEXT,            -- that the VIN tells
    brand TEXT,            -- newest one known; so are the next two
    model TEXT,            -- as the newest record has it
    model_year TEXT,       -- as the VIN tells
    plate TEXT,            -- the newest one known
    owner_golden_id TEXT,  -- who has it now; empty when it is unclear
    owned_since TEXT,      -- since when they have it
    owners INTEGER NOT NULL, -- customers that ever had it
    first_sold_on TEXT,    -- first sale known to the group
    seller TEXT            -- the dealer that sold it first; of two on one day the first by name
);

-- Who had which car from when to when, as the records of sales tell; drivers and others who have to
-- do with a car are in vehicle_role.
CREATE TABLE ownership (
    ownership_id INTEGER PRIMARY KEY, -- of the state's record
    golden_id TEXT NOT NULL,
    vin TEXT,              -- empty: the source's VIN was missing or refused
    plate TEXT,            -- as the record has it
    brand TEXT,            -- as the record has it
    model TEXT,            -- as the record has it
    from_date TEXT,        -- day of the sale; empty: not known
    to_date TEXT,          -- the day of the later sale to another customer
    role TEXT NOT NULL,    -- owner, former_owner, unclear
    price REAL,            -- that was paid
    dealer TEXT NOT NULL,  -- whose record says so
    customer_key TEXT NOT NULL, -- the customer's number there
    evidence TEXT NOT NULL -- sale, later sale to another customer, undated record …
);

-- Most cars have one record and so no history; the others go through the steps below.
CREATE TEMP TABLE car_with_history (vin TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT INTO car_with_history
SELECT vin
FROM each_record_ownership
WHERE closed_run IS NULL AND vin IS NOT NULL
GROUP BY vin
HAVING count(*) > 1;

INSERT INTO ownership
SELECT r.record_id, n.golden_id, r.vin, r.plate, r.brand, r.model, r.purchase_date, NULL, 'owner', r.price,
       s.name, r.customer_key,
       CASE WHEN r.purchase_date IS NULL THEN 'undated record' ELSE 'sale' END
FROM each_record_ownership r
CROSS JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.customer_key
CROSS JOIN state.source s ON s.source_id = r.source_id
WHERE r.closed_run IS NULL AND r.vin IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM car_with_history h WHERE h.vin = r.vin);

INSERT INTO vehicle
SELECT r.vin, r.maker, r.brand, r.model, r.model_year, r.plate, n.golden_id, r.purchase_date, 1,
       r.purchase_date, CASE WHEN r.purchase_date IS NOT NULL THEN s.name END
FROM each_record_ownership r
CROSS JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.customer_key
CROSS JOIN state.source s ON s.source_id = r.source_id
WHERE r.closed_run IS NULL AND r.vin IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM car_with_history h WHERE h.vin = r.vin);

-- The records of a car with a history, in its order ('' stands for no date).
CREATE TEMP TABLE owner_record (
    vin TEXT NOT NULL,
    sold_on TEXT NOT NULL,
    golden_id TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    PRIMARY KEY (vin, sold_on, golden_id, record_id)
) WITHOUT ROWID;

INSERT INTO owner_record
SELECT r.vin, coalesce(r.purchase_date, ''), n.golden_id, r.record_id
FROM each_record_ownership r
CROSS JOIN car_with_history h ON h.vin = r.vin
CROSS JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.customer_key
WHERE r.closed_run IS NULL
ORDER BY 1, 2, 3, 4;

CREATE TEMP TABLE owner_period (
    vin TEXT NOT NULL,
    from_date TEXT NOT NULL,
    golden_id TEXT NOT NULL,
    to_date TEXT,
    role TEXT NOT NULL,
    evidence TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    PRIMARY KEY (vin, from_date, golden_id)
) WITHOUT ROWID;

-- A period begins with the first sale to a customer after another's, and ends with the next
-- strictly later one: two customers with a sale on the same day have the car together.
INSERT OR IGNORE INTO owner_period
SELECT vin, sold_on, golden_id, to_date,
       CASE WHEN to_date IS NULL THEN 'owner' ELSE 'former_owner' END,
       CASE WHEN to_date IS NULL THEN 'sale' ELSE 'later sale to another customer' END,
       record_id
FROM (
    SELECT vin, sold_on, golden_id, record_id,
           first_value(sold_on) OVER (PARTITION BY vin ORDER BY sold_on
                                      GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
               AS to_date
    FROM (
        SELECT o.vin, o.sold_on, o.golden_id, o.record_id,
               lag(o.golden_id) OVER (PARTITION BY o.vin
                                      ORDER BY o.sold_on, o.golden_id, o.record_id) AS before
        FROM owner_record o
        WHERE o.sold_on <> ''
    )
    WHERE before IS NOT golden_id
);

-- A record without a date neither ends nor is ended by a sale.
INSERT OR IGNORE INTO owner_period
SELECT o.vin, '', o.golden_id, NULL,
       CASE WHEN count(p.vin) THEN 'unclear' ELSE 'owner' END,
       CASE WHEN count(p.vin) THEN 'undated record beside a dated sale' ELSE 'undated record' END,
       min(o.record_id)
FROM owner_record o
LEFT JOIN owner_period p ON p.vin = o.vin
WHERE o.sold_on = ''
GROUP BY o.vin, o.golden_id
HAVING count(*) FILTER (WHERE p.golden_id = o.golden_id) = 0;

INSERT INTO ownership
SELECT p.record_id, p.golden_id, p.vin, r.plate, r.brand, r.model, nullif(p.from_date, ''), p.to_date, p.role,
       r.price, s.name, r.customer_key, p.evidence
FROM owner_period p
CROSS JOIN state.record_ownership r ON r.record_id = p.record_id
CROSS JOIN state.source s ON s.source_id = r.source_id;

-- Of every attribute the newest value that is not empty: the date goes before it, and max() passes
-- over NULL. Whose it is now: the one owner there is.
INSERT INTO vehicle
SELECT a.vin, a.maker, a.brand, a.model, a.model_year, a.plate, n.golden_id, n.owned_since,
       a.owners, substr(a.sold, 1, 10), substr(a.sold, 11)
FROM (
    SELECT o.vin,
           substr(max(substr(o.sold_on || '0000-00-00', 1, 10) || r.maker), 11) AS maker,
           substr(max(substr(o.sold_on || '0000-00-00', 1, 10) || r.brand), 11) AS brand,
           substr(max(substr(o.sold_on || '0000-00-00', 1, 10) || r.model), 11) AS model,
           substr(max(substr(o.sold_on || '0000-00-00', 1, 10) || r.model_year), 11) AS model_year,
           substr(max(substr(o.sold_on || '0000-00-00', 1, 10) || r.plate), 11) AS plate,
           count(DISTINCT o.golden_id) AS owners,
           min(nullif(o.sold_on, '') || s.name) AS sold
    FROM owner_record o
    CROSS JOIN state.record_ownership r ON r.record_id = o.record_id
    CROSS JOIN state.source s ON s.source_id = r.source_id
    GROUP BY o.vin
) a
LEFT JOIN (
    SELECT vin, min(golden_id) AS golden_id, nullif(min(from_date), '') AS owned_since
    FROM owner_period
    WHERE role = 'owner'
    GROUP BY vin
    HAVING count(*) = 1
) n ON n.vin = a.vin;

-- Without a VIN it is a car of its own only when the customer has none with the same plate, or of
-- the same model bought the same day.
CREATE TEMP TABLE unnamed_car AS
SELECT n.golden_id, r.plate, r.brand, r.model, r.purchase_date, r.price, s.name AS dealer,
       r.customer_key, min(r.record_id) AS record_id
FROM each_record_ownership r
CROSS JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.customer_key
CROSS JOIN state.source s ON s.source_id = r.source_id
WHERE r.closed_run IS NULL AND r.vin IS NULL
  AND coalesce(r.plate, r.model, r.purchase_date) IS NOT NULL
GROUP BY n.golden_id, coalesce(r.plate, r.model || ' ' || r.purchase_date, r.model,
                               r.purchase_date);

CREATE INDEX ownership_customer ON ownership (golden_id);

INSERT INTO ownership
SELECT u.record_id, u.golden_id, NULL, u.plate, u.brand, u.model, u.purchase_date, NULL, 'owner', u.price,
       u.dealer, u.customer_key, 'record without VIN'
FROM unnamed_car u
WHERE NOT EXISTS (
    SELECT 1 FROM ownership o
    WHERE o.golden_id = u.golden_id
      AND (o.plate = u.plate OR (o.model IS u.model AND o.from_date = u.purchase_date))
);

DROP TABLE unnamed_car;
DROP TABLE owner_period;
DROP TABLE car_with_history;
DROP TABLE owner_record;

-- Whatever asks who had a car on a day reads the index only.
CREATE INDEX ownership_vin ON ownership (vin, golden_id, from_date, to_date, role, plate);
CREATE INDEX ownership_plate ON ownership (plate) WHERE plate IS NOT NULL;
CREATE UNIQUE INDEX vehicle_vin ON vehicle (vin);
