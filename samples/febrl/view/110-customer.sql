-- The golden persons.
CREATE TABLE customer (
    golden_id TEXT PRIMARY KEY,
    given_name TEXT,
    surname TEXT,
    date_of_birth TEXT,
    soc_sec_id TEXT,
    street_number TEXT,
    address_1 TEXT,
    address_2 TEXT,
    suburb TEXT,
    postcode TEXT,
    state TEXT,
    records INTEGER NOT NULL
);

INSERT INTO customer
SELECT golden_id, given_name, surname, date_of_birth, soc_sec_id, street_number, address_1,
    address_2, suburb, postcode, state, record_count
FROM state.golden
ORDER BY golden_id;
