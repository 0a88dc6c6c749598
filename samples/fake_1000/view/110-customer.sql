-- The golden persons.
CREATE TABLE customer (
    golden_id TEXT PRIMARY KEY,
    first_name TEXT,
    surname TEXT,
    dob TEXT,
    city TEXT,
    email TEXT,
    records INTEGER NOT NULL
);

INSERT INTO customer
SELECT golden_id, first_name, surname, dob, city, email, record_count
FROM state.golden
ORDER BY golden_id;
