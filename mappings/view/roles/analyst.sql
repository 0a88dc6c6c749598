-- For analysts: what customers are and do, without who they are. No name, number, address, plate or
-- VIN; a pseudonym in place of each golden id, which nobody can turn back without the key in the
-- state's folder and which stays the same from night to night; the year of birth, the city.
-- Free text of sources (what a complaint's caller said, topics of contacts) is left out: anything
-- may stand in it.

-- What cars are called comes from the sources as text too: only what several owners' cars are called,
-- and nothing with a number of telephone in it.
CREATE TEMP TABLE car_word (word TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT INTO car_word
SELECT word FROM (SELECT golden_id, brand AS word FROM whole.ownership
                  UNION ALL SELECT golden_id, model FROM whole.ownership)
WHERE word IS NOT NULL AND word NOT GLOB '*[0-9][0-9][0-9][0-9][0-9][0-9][0-9]*'
GROUP BY word HAVING count(DISTINCT golden_id) >= 3;

-- Persons and organisations.
CREATE TABLE customer (
    customer TEXT NOT NULL PRIMARY KEY, -- the pseudonym
    type TEXT,
    gender TEXT,
    birth_year TEXT,
    province TEXT,
    city TEXT,
    sources INTEGER NOT NULL,
    records INTEGER NOT NULL,
    cars_owned INTEGER NOT NULL,
    cars_ever INTEGER NOT NULL,
    first_seen TEXT,
    last_changed TEXT
) WITHOUT ROWID;

INSERT INTO customer
SELECT pseudonym(k.key, c.golden_id), c.type, c.gender, substr(c.birth_date, 1, 4), c.province,
       c.city, c.sources, c.records, c.cars_owned, c.cars_ever, c.first_seen, c.last_changed
FROM whole.customer c CROSS JOIN role_key k;

CREATE TABLE vehicle (
    vehicle TEXT NOT NULL PRIMARY KEY, -- a pseudonym of the VIN
    owner TEXT,                        -- as customer.customer
    maker TEXT,
    brand TEXT,                        -- NULL also: fewer than three owners have such
    model TEXT,                        -- as brand
    model_year TEXT,
    owned_since TEXT,
    owners INTEGER NOT NULL,
    first_sold_on TEXT,
    seller TEXT
) WITHOUT ROWID;

INSERT INTO vehicle
SELECT pseudonym(k.key, v.vin), pseudonym(k.key, v.owner_golden_id), v.maker,
       (SELECT word FROM car_word WHERE word = v.brand),
       (SELECT word FROM car_word WHERE word = v.model), v.model_year, v.owned_since, v.owners,
       v.first_sold_on, v.seller
FROM whole.vehicle v CROSS JOIN role_key k;

CREATE TABLE ownership (
    customer TEXT NOT NULL,
    vehicle TEXT,
    brand TEXT, -- as vehicle.brand
    model TEXT, -- as vehicle.model
    from_date TEXT,
    to_date TEXT,
    role TEXT NOT NULL,
    price REAL,
    dealer TEXT NOT NULL
);

INSERT INTO ownership
SELECT pseudonym(k.key, o.golden_id), pseudonym(k.key, o.vin),
       (SELECT word FROM car_word WHERE word = o.brand),
       (SELECT word FROM car_word WHERE word = o.model), o.from_date, o.to_date, o.role, o.price,
       o.dealer
FROM whole.ownership o CROSS JOIN role_key k
ORDER BY 1, 5, 2;

DROP TABLE car_word;

-- Sales, services, complaints, leads.
CREATE TABLE event (
    customer TEXT,
    vehicle TEXT,
    type TEXT NOT NULL,
    date TEXT,
    dealer TEXT,
    job TEXT,        -- of a service
    category TEXT,   -- of a complaint
    status TEXT,
    amount REAL,
    odometer_km INTEGER,
    closed_on TEXT
);

INSERT INTO event
SELECT pseudonym(k.key, e.golden_id), pseudonym(k.key, e.vin), e.type, e.date, e.dealer,
       CASE e.type WHEN 'service' THEN e.detail END,
       CASE e.type WHEN 'complaint' THEN e.detail END, e.status, e.amount, e.odometer_km, e.closed_on
FROM whole.event e CROSS JOIN role_key k
ORDER BY e.event_id;

CREATE TABLE contract (
    customer TEXT,
    vehicle TEXT,
    type TEXT,
    product TEXT,
    starts_on TEXT,
    ends_on TEXT,
    months INTEGER,
    status TEXT
);

INSERT INTO contract
SELECT pseudonym(k.key, c.golden_id), pseudonym(k.key, c.vin), c.type, c.product, c.starts_on,
       c.ends_on, c.months, c.status
FROM whole.contract c CROSS JOIN role_key k
ORDER BY c.contract_id;

CREATE TABLE consent (
    customer TEXT,
    channel TEXT,
    purpose TEXT,
    decision TEXT NOT NULL,
    decided_on TEXT
);

INSERT INTO consent
SELECT pseudonym(k.key, c.golden_id), c.channel, c.purpose, c.decision, substr(c.decided_at, 1, 10)
FROM whole.consent c CROSS JOIN role_key k
ORDER BY 1, 2, 3, 4, 5;

-- What a customer is worth, and in which stage.
CREATE TABLE customer_value (
    customer TEXT NOT NULL PRIMARY KEY,
    household TEXT NOT NULL,
    home_dealer TEXT,
    stage TEXT NOT NULL,
    last_activity_on TEXT,
    sales INTEGER NOT NULL,
    visits INTEGER NOT NULL,
    spent_sales REAL NOT NULL,
    spent_service REAL NOT NULL,
    rfm INTEGER NOT NULL,
    clv_historic REAL NOT NULL,
    clv_expected REAL NOT NULL
) WITHOUT ROWID;

INSERT INTO customer_value
SELECT pseudonym(k.key, v.golden_id), pseudonym(k.key, v.household_id), v.home_dealer, v.stage,
       v.last_activity_on, v.sales, v.visits, v.spent_sales, v.spent_service, v.rfm,
       v.clv_historic, v.clv_expected
FROM whole.customer_value v CROSS JOIN role_key k;

CREATE TABLE open_lead (
    customer TEXT NOT NULL,
    type TEXT NOT NULL,
    dealer TEXT,
    due_on TEXT NOT NULL,
    value REAL NOT NULL
);

INSERT INTO open_lead
SELECT pseudonym(k.key, l.golden_id), l.type, l.dealer, l.due_on, l.value
FROM whole.open_lead l CROSS JOIN role_key k
ORDER BY 1, 2, 4;

CREATE TABLE parameter (name TEXT NOT NULL, value TEXT);
INSERT INTO parameter SELECT name, value FROM whole.parameter;
