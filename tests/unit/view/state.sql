-- The state that the view reads, as the store keeps it.
CREATE TABLE record_customer(record_id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL, source_key
    TEXT NOT NULL, hash INTEGER, first_run INTEGER, changed_run INTEGER, closed_run INTEGER, file
    TEXT, line INTEGER, type TEXT, name TEXT, gender TEXT, birth_date TEXT, id_number TEXT, mobile
    TEXT, landline TEXT, email TEXT, region TEXT, address TEXT, updated_at TEXT, name_key TEXT,
    name_pinyin TEXT, surname TEXT, given_name TEXT, company_core TEXT, name_gender TEXT, id_type
    TEXT, id_key TEXT, id_birth_date TEXT, id_gender TEXT, province TEXT, city TEXT, district
    TEXT, division_code TEXT, road TEXT, road_number TEXT, estate TEXT, building TEXT, unit TEXT,
    room TEXT, refused TEXT);
CREATE UNIQUE INDEX record_customer_key ON record_customer(source_id, source_key);
CREATE TABLE record_ownership(record_id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL,
    source_key TEXT NOT NULL, hash INTEGER, first_run INTEGER, changed_run INTEGER, closed_run
    INTEGER, file TEXT, line INTEGER, customer_key TEXT, vin TEXT, plate TEXT, brand TEXT, model
    TEXT, purchase_date TEXT, price REAL, model_year TEXT, maker TEXT, refused TEXT);
CREATE UNIQUE INDEX record_ownership_key ON record_ownership(source_id, source_key);
CREATE TABLE record_service(record_id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL, source_key
    TEXT NOT NULL, hash INTEGER, first_run INTEGER, changed_run INTEGER, closed_run INTEGER, file
    TEXT, line INTEGER, customer_key TEXT, order_number TEXT, vin TEXT, service_date TEXT, job
    TEXT, amount REAL, odometer_km INTEGER, refused TEXT);
CREATE UNIQUE INDEX record_service_key ON record_service(source_id, source_key);
CREATE TABLE record_complaint(record_id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL,
    source_key TEXT NOT NULL, hash INTEGER, first_run INTEGER, changed_run INTEGER, closed_run
    INTEGER, file TEXT, line INTEGER, case_number TEXT, opened_on TEXT, vin TEXT, name TEXT,
    mobile TEXT, category TEXT, status TEXT, closed_on TEXT, settlement TEXT, refused TEXT);
CREATE UNIQUE INDEX record_complaint_key ON record_complaint(source_id, source_key);
CREATE TABLE record_membership(record_id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL,
    source_key TEXT NOT NULL, hash INTEGER, first_run INTEGER, changed_run INTEGER, closed_run
    INTEGER, file TEXT, line INTEGER, customer_key TEXT, card_number TEXT, joined_on TEXT, prepaid
    REAL, points_earned INTEGER, points_spent INTEGER, refused TEXT);
CREATE UNIQUE INDEX record_membership_key ON record_membership(source_id, source_key);
CREATE TABLE record_consent(record_id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL, source_key
    TEXT NOT NULL, hash INTEGER, first_run INTEGER, changed_run INTEGER, closed_run INTEGER, file
    TEXT, line INTEGER, mobile TEXT, email TEXT, channel TEXT, purpose TEXT, decision TEXT,
    decided_at TEXT, refused TEXT);
CREATE UNIQUE INDEX record_consent_key ON record_consent(source_id, source_key);
CREATE TABLE record_contract(record_id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL, source_key
    TEXT NOT NULL, hash INTEGER, first_run INTEGER, changed_run INTEGER, closed_run INTEGER, file
    TEXT, line INTEGER, number TEXT, type TEXT, product TEXT, name TEXT, id_number TEXT, vin TEXT,
    plate TEXT, principal REAL, starts_on TEXT, ends_on TEXT, months INTEGER, status TEXT, id_key
    TEXT, name_key TEXT, refused TEXT);
CREATE UNIQUE INDEX record_contract_key ON record_contract(source_id, source_key);
CREATE TABLE record_lead(record_id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL, source_key
    TEXT NOT NULL, hash INTEGER, first_run INTEGER, changed_run INTEGER, closed_run INTEGER, file
    TEXT, line INTEGER, customer_key TEXT, number TEXT, requested_at TEXT, interest TEXT, brand
    TEXT, model TEXT, timeframe TEXT, dealer TEXT, status TEXT, refused TEXT);
CREATE UNIQUE INDEX record_lead_key ON record_lead(source_id, source_key);
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE run(run_id INTEGER PRIMARY KEY, as_of TEXT, started_at TEXT, finished_at TEXT, status
    TEXT, published INTEGER, configuration_hash INTEGER);
CREATE TABLE source(source_id INTEGER PRIMARY KEY, name TEXT UNIQUE, kind TEXT, mapping TEXT,
    trust INTEGER, status TEXT, last_good_run INTEGER, last_good_as_of TEXT, message TEXT);
CREATE TABLE finding(run_id, source_id, file TEXT, line INTEGER, byte_offset INTEGER, entity TEXT,
    source_key TEXT, field TEXT, code TEXT, rule TEXT, severity TEXT, value TEXT, message TEXT);
CREATE TABLE run_source(run_id, source_id, file TEXT, rows_read, rows_accepted, rows_rejected,
    rows_discarded, rows_suppressed, findings);
CREATE TABLE run_notice(run_id, source_id, code TEXT, text TEXT);
CREATE TABLE golden(golden_number INTEGER PRIMARY KEY, golden_id TEXT UNIQUE, type TEXT, name
    TEXT, gender TEXT, birth_date TEXT, id_number TEXT, mobile TEXT, landline TEXT, email TEXT,
    region TEXT, address TEXT, name_key TEXT, name_pinyin TEXT, surname TEXT, given_name TEXT,
    company_core TEXT, name_gender TEXT, id_type TEXT, id_key TEXT, id_birth_date TEXT, id_gender
    TEXT, province TEXT, city TEXT, district TEXT, division_code TEXT, road TEXT, road_number
    TEXT, estate TEXT, building TEXT, unit TEXT, room TEXT, source_count INTEGER, record_count
    INTEGER, first_run INTEGER, changed_run INTEGER);
CREATE TABLE crosswalk(record_id INTEGER PRIMARY KEY, golden_number INTEGER);
CREATE INDEX crosswalk_golden ON crosswalk(golden_number);
CREATE TABLE golden_value(golden_number INTEGER, attribute TEXT, record_id INTEGER, rule TEXT,
    PRIMARY KEY(golden_number, attribute)) WITHOUT ROWID;
CREATE TABLE golden_history(run_id, as_of TEXT, golden_id TEXT, event TEXT, other_id TEXT);
CREATE TABLE golden_alias(golden_id TEXT PRIMARY KEY, becomes TEXT);
CREATE TABLE possible_match(record_a, record_b, weight REAL, probability REAL, reason TEXT);
CREATE TABLE link(record_a, record_b, weight REAL);
CREATE TABLE decision(decision_id INTEGER PRIMARY KEY, decided_at, decided_by, kind TEXT,
    source_a, key_a, source_b, key_b, attribute, value, seen_hash, undone INTEGER);
