-- How well each source fills the fields that matter, of its live records.
CREATE TABLE data_quality (
    dealer TEXT NOT NULL,   -- or headquarters' source
    entity TEXT NOT NULL,
    field TEXT NOT NULL,
    rows INTEGER NOT NULL,
    filled INTEGER NOT NULL,
    refused INTEGER NOT NULL, -- values that came, and were blanked by a rule
    filled_share REAL NOT NULL, -- of rows, 0 to 1
    refused_share REAL NOT NULL
);

CREATE TEMP TABLE field_count (
    source_id INTEGER NOT NULL,
    entity TEXT NOT NULL,
    field TEXT NOT NULL,
    rows INTEGER NOT NULL,
    filled INTEGER NOT NULL,
    PRIMARY KEY (source_id, entity, field)
) WITHOUT ROWID;

INSERT INTO field_count
WITH counted AS MATERIALIZED (
    SELECT source_id, count(*) AS rows, count(name) AS name, count(gender) AS gender,
           count(birth_date) AS birth_date, count(id_number) AS id_number,
           count(mobile) AS mobile, count(landline) AS landline, count(email) AS email,
           count(address) AS address, count(updated_at) AS updated_at
    FROM state.record_customer
    WHERE closed_run IS NULL
    GROUP BY source_id
)
SELECT source_id, 'customer', 'name', rows, name FROM counted
UNION ALL SELECT source_id, 'customer', 'gender', rows, gender FROM counted
UNION ALL SELECT source_id, 'customer', 'birth_date', rows, birth_date FROM counted
UNION ALL SELECT source_id, 'customer', 'id_number', rows, id_number FROM counted
UNION ALL SELECT source_id, 'customer', 'mobile', rows, mobile FROM counted
UNION ALL SELECT source_id, 'customer', 'landline', rows, landline FROM counted
UNION ALL SELECT source_id, 'customer', 'email', rows, email FROM counted
UNION ALL SELECT source_id, 'customer', 'address', rows, address FROM counted
UNION ALL SELECT source_id, 'customer', 'updated_at', rows, updated_at FROM counted;

INSERT INTO field_count
WITH counted AS MATERIALIZED (
    SELECT source_id, count(*) AS rows, count(vin) AS vin, count(plate) AS plate,
           count(brand) AS brand, count(model) AS model, count(purchase_date) AS purchase_date,
           count(price) AS price
    FROM state.record_ownership
    WHERE closed_run IS NULL
    GROUP BY source_id
)
SELECT source_id, 'ownership', 'vin', rows, vin FROM counted
UNION ALL SELECT source_id, 'ownership', 'plate', rows, plate FROM counted
UNION ALL SELECT source_id, 'ownership', 'brand', rows, brand FROM counted
UNION ALL SELECT source_id, 'ownership', 'model', rows, model FROM counted
UNION ALL SELECT source_id, 'ownership', 'purchase_date', rows, purchase_date FROM counted
UNION ALL SELECT source_id, 'ownership', 'price', rows, price FROM counted;

INSERT INTO field_count
WITH counted AS MATERIALIZED (
    SELECT source_id, count(*) AS rows, count(customer_key) AS customer_key, count(vin) AS vin,
           count(order_number) AS order_number, count(job) AS job, count(amount) AS amount,
           count(odometer_km) AS odometer_km
    FROM state.record_service
    WHERE closed_run IS NULL
    GROUP BY source_id
)
SELECT source_id, 'service', 'customer_key', rows, customer_key FROM counted
UNION ALL SELECT source_id, 'service', 'vin', rows, vin FROM counted
UNION ALL SELECT source_id, 'service', 'order_number', rows, order_number FROM counted
UNION ALL SELECT source_id, 'service', 'job', rows, job FROM counted
UNION ALL SELECT source_id, 'service', 'amount', rows, amount FROM counted
UNION ALL SELECT source_id, 'service', 'odometer_km', rows, odometer_km FROM counted;

CREATE TEMP TABLE field_refused (
    source_id INTEGER NOT NULL,
    entity TEXT NOT NULL,
    field TEXT NOT NULL,
    refused INTEGER NOT NULL,
    PRIMARY KEY (source_id, entity, field)
) WITHOUT ROWID;

-- `refused` holds, as a JSON object, the fields that were blanked.
INSERT INTO field_refused
SELECT r.source_id, 'customer', j.key, count(*)
FROM state.record_customer r, json_each(r.refused) j
WHERE r.closed_run IS NULL AND r.refused IS NOT NULL
GROUP BY r.source_id, j.key
UNION ALL
SELECT r.source_id, 'ownership', j.key, count(*)
FROM state.record_ownership r, json_each(r.refused) j
WHERE r.closed_run IS NULL AND r.refused IS NOT NULL
GROUP BY r.source_id, j.key
UNION ALL
SELECT r.source_id, 'service', j.key, count(*)
FROM state.record_service r, json_each(r.refused) j
WHERE r.closed_run IS NULL AND r.refused IS NOT NULL
GROUP BY r.source_id, j.key;

INSERT INTO data_quality
SELECT s.name, f.entity, f.field, f.rows, f.filled, coalesce(r.refused, 0),
       round(1.0 * f.filled / f.rows, 4), round(1.0 * coalesce(r.refused, 0) / f.rows, 4)
FROM field_count f
JOIN state.source s ON s.source_id = f.source_id
LEFT JOIN field_refused r ON r.source_id = f.source_id AND r.entity = f.entity
                         AND r.field = f.field
ORDER BY s.name, f.entity, f.field;

-- The dealers and the other sources, with what they have.
CREATE TABLE dealer (
    dealer TEXT NOT NULL,
    format TEXT,           -- csv, xml, odbc
    mapping TEXT,
    trust INTEGER,
    status TEXT,           -- of its last reading: ok, missing, failed
    last_good_as_of TEXT,
    message TEXT,
    customers INTEGER NOT NULL, -- golden customers that it knows
    records INTEGER NOT NULL,   -- customer records
    cars INTEGER NOT NULL,      -- ownership records
    services INTEGER NOT NULL
);

INSERT INTO dealer
SELECT s.name, s.kind, s.mapping, s.trust, s.status, s.last_good_as_of, s.message,
       coalesce(k.customers, 0), coalesce(c.rows, 0), coalesce(o.rows, 0), coalesce(v.rows, 0)
FROM state.source s
LEFT JOIN (SELECT source_id, count(*) AS customers
           FROM (SELECT DISTINCT source_id, golden_number FROM customer_number)
           GROUP BY source_id) k ON k.source_id = s.source_id
LEFT JOIN field_count c ON c.source_id = s.source_id AND c.entity = 'customer'
                       AND c.field = 'name'
LEFT JOIN field_count o ON o.source_id = s.source_id AND o.entity = 'ownership'
                       AND o.field = 'vin'
LEFT JOIN field_count v ON v.source_id = s.source_id AND v.entity = 'service'
                       AND v.field = 'vin'
ORDER BY s.name;

DROP TABLE field_refused;
DROP TABLE field_count;
