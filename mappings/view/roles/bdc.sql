-- For those who call: whom the contact plan, a recall or a request of their own asks to be called,
-- and what a call needs. No identity number, birthday, address, amount; nobody else's number.

-- Whom there is a reason to call.
CREATE TEMP TABLE called (golden_id TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT OR IGNORE INTO called SELECT golden_id FROM whole.contact_plan;
INSERT OR IGNORE INTO called SELECT golden_id FROM whole.safety_notice WHERE golden_id IS NOT NULL;
INSERT OR IGNORE INTO called
SELECT golden_id FROM whole.demand WHERE is_open AND golden_id IS NOT NULL;

CREATE TABLE customer (
    golden_id TEXT NOT NULL PRIMARY KEY,
    type TEXT,
    name TEXT,
    gender TEXT,
    city TEXT,
    mobile TEXT
) WITHOUT ROWID;

INSERT INTO customer
SELECT c.golden_id, c.type, c.name, c.gender, c.city, c.mobile
FROM whole.customer c JOIN called USING (golden_id);

CREATE TABLE contact_plan (
    golden_id TEXT NOT NULL PRIMARY KEY,
    dealer TEXT,
    channel TEXT NOT NULL,
    contact_value TEXT NOT NULL,
    plan_on TEXT NOT NULL,
    contact_by TEXT,
    points INTEGER NOT NULL,
    script TEXT NOT NULL
) WITHOUT ROWID;

INSERT INTO contact_plan
SELECT golden_id, dealer, channel, contact_value, plan_on, contact_by, points, script
FROM whole.contact_plan;

-- One line of what is known before the call.
CREATE TABLE precall (
    golden_id TEXT NOT NULL PRIMARY KEY,
    models TEXT,
    complaints INTEGER NOT NULL,
    complaints_open INTEGER NOT NULL,
    complaint_history TEXT,
    purchase_date TEXT,
    last_service_on TEXT,
    last_service_dealer TEXT,
    last_service_km INTEGER,
    may_call INTEGER NOT NULL,    -- unknown is no
    may_message INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO precall
SELECT p.golden_id, p.models, p.complaints, p.complaints_open, p.complaint_history,
       p.purchase_date, p.last_service_on, p.last_service_dealer, p.last_service_km, p.may_call,
       p.may_message
FROM whole.precall p JOIN called USING (golden_id);

CREATE TABLE demand (
    source TEXT NOT NULL,
    number TEXT NOT NULL,
    golden_id TEXT NOT NULL,
    dealer TEXT,
    requested_at TEXT,
    contact_by TEXT,
    interest TEXT,
    brand TEXT,
    model TEXT
);

INSERT INTO demand
SELECT source, number, golden_id, dealer, requested_at, contact_by, interest, brand, model
FROM whole.demand WHERE is_open ORDER BY source, number;

-- Recalls: no consent is asked.
CREATE TABLE safety_notice (
    campaign TEXT NOT NULL,
    vin TEXT NOT NULL,
    golden_id TEXT,
    dealer TEXT,
    mobile TEXT,
    title TEXT,
    issued_on TEXT
);

INSERT INTO safety_notice
SELECT campaign, vin, golden_id, dealer, mobile, title, issued_on
FROM whole.safety_notice ORDER BY campaign, vin;

DROP TABLE called;

CREATE TABLE parameter (name TEXT NOT NULL, value TEXT);
INSERT INTO parameter SELECT name, value FROM whole.parameter WHERE name IN ('as_of', 'run_id');
