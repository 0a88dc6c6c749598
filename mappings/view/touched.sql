-- Whose rows are made again on a night that changes little: run before all other files, on last
-- night's view and tonight's state. What it finds may be too much, never too little.
--
--   state.changed_record(entity, record_id), changed_golden(golden_number): what the run has changed
--   state.changed_value(entity, field, value): what stood before in a field that refers to others
CREATE TEMP TABLE touched_golden_id (golden_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE touched_vin (vin TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE touched_contact_value (contact_value TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE touched_event_id (event_id INTEGER PRIMARY KEY);
CREATE TEMP TABLE touched_contract_id (contract_id INTEGER PRIMARY KEY);
CREATE TEMP TABLE touched_membership_id (membership_id INTEGER PRIMARY KEY);

-- ---- what has changed by itself ----

INSERT OR IGNORE INTO touched_golden_id
SELECT g.golden_id
FROM state.changed_golden c
CROSS JOIN state.golden g ON g.golden_number = c.golden_number
UNION
SELECT m.golden_id
FROM state.changed_golden c
CROSS JOIN main.customer m ON m.golden_number = c.golden_number;

-- Visits that have another order number and are else as they were, as when a system counts its orders
-- anew for each export: nobody is touched by that. Where a customer has two numbers, the order
-- numbers decide which visits are the same, and more has to be made again.
CREATE TEMP TABLE renumbered (event_id INTEGER PRIMARY KEY, number TEXT);

INSERT INTO renumbered
SELECT r.record_id, r.order_number
FROM state.changed_record c
CROSS JOIN state.record_service r ON r.record_id = c.record_id
CROSS JOIN main.event e ON e.event_id = r.record_id
WHERE c.entity = 'service' AND r.closed_run IS NULL AND e.customer_key IS r.customer_key
  AND e.vin IS r.vin AND e.date IS r.service_date AND e.detail IS r.job AND e.amount IS r.amount
  AND e.odometer_km IS r.odometer_km
  AND (SELECT count(*) FROM main.customer_source k
       WHERE k.golden_id = e.golden_id AND k.source = e.source) < 2;

UPDATE main.event
SET number = n.number
FROM renumbered n
WHERE event.event_id = n.event_id AND event.number IS NOT n.number;

INSERT OR IGNORE INTO touched_event_id
SELECT record_id + CASE entity WHEN 'service' THEN 0 WHEN 'lead' THEN 10000000000
                               ELSE 30000000000 END
FROM state.changed_record
WHERE entity IN ('lead', 'complaint')
   OR (entity = 'service' AND record_id NOT IN (SELECT event_id FROM renumbered));

INSERT OR IGNORE INTO touched_contract_id
SELECT record_id FROM state.changed_record WHERE entity = 'contract';

INSERT OR IGNORE INTO touched_membership_id
SELECT record_id FROM state.changed_record WHERE entity = 'membership';

INSERT OR IGNORE INTO touched_contact_value
SELECT r.mobile
FROM state.changed_record c
CROSS JOIN state.record_consent r ON r.record_id = c.record_id
WHERE c.entity = 'consent' AND r.mobile IS NOT NULL
UNION
SELECT r.email
FROM state.changed_record c
CROSS JOIN state.record_consent r ON r.record_id = c.record_id
WHERE c.entity = 'consent' AND r.email IS NOT NULL
UNION
SELECT value FROM state.changed_value
WHERE entity = 'consent' AND field IN ('mobile', 'email') AND value IS NOT NULL;

INSERT OR IGNORE INTO touched_vin
SELECT r.vin
FROM state.changed_record c
CROSS JOIN state.record_ownership r ON r.record_id = c.record_id
WHERE c.entity = 'ownership' AND r.vin IS NOT NULL
UNION
SELECT value FROM state.changed_value
WHERE entity = 'ownership' AND field = 'vin' AND value IS NOT NULL
UNION
SELECT r.vin
FROM state.changed_record c
CROSS JOIN state.record_service r ON r.record_id = c.record_id
WHERE c.entity = 'service' AND r.vin IS NOT NULL
  AND c.record_id NOT IN (SELECT event_id FROM renumbered)
  AND NOT EXISTS (SELECT 1
                  FROM state.record_customer k
                  CROSS JOIN state.crosswalk x ON x.record_id = k.record_id
                  CROSS JOIN state.golden g ON g.golden_number = x.golden_number
                  WHERE k.source_id = r.source_id AND k.source_key = r.customer_key)
UNION
-- Visits of those who are gone may fall to whoever has the car.
SELECT e.vin
FROM state.changed_golden c
CROSS JOIN main.customer m ON m.golden_number = c.golden_number
CROSS JOIN main.event e ON e.golden_id = m.golden_id
WHERE e.type = 'service' AND e.vin IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM state.golden g WHERE g.golden_number = c.golden_number);

-- ---- customers' numbers at the sources ----

-- Numbers that are new or stand for a customer again: what names them may have waited for them.
CREATE TEMP TABLE new_number (
    source_id INTEGER NOT NULL,
    customer_key TEXT NOT NULL,
    PRIMARY KEY (source_id, customer_key)
) WITHOUT ROWID;

INSERT OR IGNORE INTO new_number
SELECT r.source_id, r.source_key
FROM state.changed_golden c
CROSS JOIN state.crosswalk x ON x.golden_number = c.golden_number
CROSS JOIN state.record_customer r ON r.record_id = x.record_id
ORDER BY 1, 2;

INSERT OR IGNORE INTO touched_vin
SELECT vin
FROM state.record_ownership
WHERE (source_id, customer_key) IN (SELECT source_id, customer_key FROM new_number)
  AND vin IS NOT NULL;

INSERT OR IGNORE INTO touched_event_id
SELECT e.event_id
FROM new_number n
CROSS JOIN state.source s ON s.source_id = n.source_id
CROSS JOIN main.event e ON e.customer_key = n.customer_key AND e.source = s.name
WHERE e.linked_by IS NOT 'customer number' AND e.customer_key IS NOT NULL;

INSERT OR IGNORE INTO touched_membership_id
SELECT r.membership_id
FROM main.membership r
WHERE r.golden_id IS NULL;

-- Whom the changed records name now, and named before.
INSERT OR IGNORE INTO touched_golden_id
SELECT g.golden_id
FROM (
    SELECT r.source_id, r.customer_key
    FROM state.changed_record c
    CROSS JOIN state.record_ownership r ON r.record_id = c.record_id
    WHERE c.entity = 'ownership'
    UNION
    SELECT r.source_id, r.customer_key
    FROM state.changed_record c
    CROSS JOIN state.record_service r ON r.record_id = c.record_id
    WHERE c.entity = 'service' AND c.record_id NOT IN (SELECT event_id FROM renumbered)
    UNION
    SELECT r.source_id, r.customer_key
    FROM state.changed_record c
    CROSS JOIN state.record_membership r ON r.record_id = c.record_id
    WHERE c.entity = 'membership'
    UNION
    SELECT r.source_id, r.customer_key
    FROM state.changed_record c
    CROSS JOIN state.record_lead r ON r.record_id = c.record_id
    WHERE c.entity = 'lead'
    UNION
    SELECT s.source_id, v.value
    FROM state.changed_value v
    CROSS JOIN state.source s
    WHERE v.entity = 'ownership' AND v.field = 'customer_key'
) k
CROSS JOIN state.record_customer r ON r.source_id = k.source_id AND r.source_key = k.customer_key
CROSS JOIN state.crosswalk x ON x.record_id = r.record_id
CROSS JOIN state.golden g ON g.golden_number = x.golden_number;

INSERT OR IGNORE INTO touched_golden_id
SELECT m.golden_id
FROM touched_membership_id t
CROSS JOIN main.membership m ON m.membership_id = t.membership_id
WHERE m.golden_id IS NOT NULL;

-- ---- what customers share ----

-- Contact values and identity numbers of those found so far, as they were and as they are.
CREATE TEMP TABLE touched_holding (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, value)
) WITHOUT ROWID;

INSERT OR IGNORE INTO touched_holding
SELECT 'contact', p.value
FROM touched_golden_id t
CROSS JOIN main.contact_point p ON p.golden_id = t.golden_id
UNION
SELECT 'identity', i.id_key
FROM touched_golden_id t
CROSS JOIN main.customer_identity i ON i.golden_id = t.golden_id;

INSERT OR IGNORE INTO touched_holding
SELECT h.kind, h.value
FROM (
    SELECT 'contact' AS kind, r.mobile AS value
    FROM state.changed_golden c
    CROSS JOIN state.crosswalk x ON x.golden_number = c.golden_number
    CROSS JOIN state.record_customer r ON r.record_id = x.record_id
    UNION
    SELECT 'contact', r.landline
    FROM state.changed_golden c
    CROSS JOIN state.crosswalk x ON x.golden_number = c.golden_number
    CROSS JOIN state.record_customer r ON r.record_id = x.record_id
    UNION
    SELECT 'contact', r.email
    FROM state.changed_golden c
    CROSS JOIN state.crosswalk x ON x.golden_number = c.golden_number
    CROSS JOIN state.record_customer r ON r.record_id = x.record_id
    UNION
    SELECT 'identity', r.id_key
    FROM state.changed_golden c
    CROSS JOIN state.crosswalk x ON x.golden_number = c.golden_number
    CROSS JOIN state.record_customer r ON r.record_id = x.record_id
) h
WHERE h.value IS NOT NULL;

INSERT OR IGNORE INTO touched_contact_value
SELECT value FROM touched_holding WHERE kind = 'contact';

-- Who else has them: how often a value is shared, and whose a contract or complaint is, may change.
INSERT OR IGNORE INTO touched_golden_id
SELECT p.golden_id
FROM touched_contact_value t
CROSS JOIN main.contact_point p ON p.value = t.contact_value;

INSERT OR IGNORE INTO touched_golden_id
SELECT i.golden_id
FROM touched_holding t
CROSS JOIN main.customer_identity i ON i.id_key = t.value
WHERE t.kind = 'identity';

-- ---- complaints and contracts, which find their customers by themselves ----

INSERT OR IGNORE INTO touched_vin
SELECT o.vin
FROM touched_golden_id t
CROSS JOIN main.ownership o ON o.golden_id = t.golden_id
WHERE o.vin IS NOT NULL;

INSERT OR IGNORE INTO touched_event_id
SELECT record_id + 30000000000
FROM state.record_complaint
WHERE vin IN touched_vin
   OR mobile IN (SELECT value FROM touched_holding WHERE kind = 'contact');

INSERT OR IGNORE INTO touched_contract_id
SELECT record_id
FROM state.record_contract
WHERE vin IN touched_vin
   OR id_key IN (SELECT value FROM touched_holding WHERE kind = 'identity');

INSERT OR IGNORE INTO touched_golden_id
SELECT e.golden_id
FROM touched_event_id t
CROSS JOIN main.event e ON e.event_id = t.event_id
WHERE e.golden_id IS NOT NULL
UNION
SELECT k.golden_id
FROM touched_contract_id t
CROSS JOIN main.contract k ON k.contract_id = t.contract_id
WHERE k.golden_id IS NOT NULL
UNION
SELECT p.golden_id
FROM touched_event_id t
CROSS JOIN state.record_complaint r ON r.record_id = t.event_id - 30000000000
CROSS JOIN main.contact_point p ON p.value = r.mobile
WHERE t.event_id > 30000000000
UNION
SELECT i.golden_id
FROM touched_contract_id t
CROSS JOIN state.record_contract r ON r.record_id = t.contract_id
CROSS JOIN main.customer_identity i ON i.id_key = r.id_key;

INSERT OR IGNORE INTO touched_vin
SELECT r.vin
FROM touched_event_id t
CROSS JOIN state.record_complaint r ON r.record_id = t.event_id - 30000000000
WHERE t.event_id > 30000000000 AND r.vin IS NOT NULL
UNION
SELECT r.vin
FROM touched_contract_id t
CROSS JOIN state.record_contract r ON r.record_id = t.contract_id
WHERE r.vin IS NOT NULL
UNION
SELECT k.vin
FROM touched_contract_id t
CROSS JOIN main.contract k ON k.contract_id = t.contract_id
WHERE k.vin IS NOT NULL
UNION
-- Their visits are counted by car.
SELECT r.vin
FROM touched_event_id t
CROSS JOIN state.record_service r ON r.record_id = t.event_id
WHERE r.vin IS NOT NULL
UNION
SELECT e.vin
FROM touched_event_id t
CROSS JOIN main.event e ON e.event_id = t.event_id
WHERE e.vin IS NOT NULL
UNION
SELECT e.vin
FROM state.changed_golden c
CROSS JOIN main.customer m ON m.golden_number = c.golden_number
CROSS JOIN main.event e ON e.golden_id = m.golden_id
WHERE e.vin IS NOT NULL
UNION
SELECT r.vin
FROM state.changed_golden c
CROSS JOIN main.customer m ON m.golden_number = c.golden_number
CROSS JOIN main.visit_again v ON v.golden_id = m.golden_id
CROSS JOIN state.record_service r ON r.record_id = v.event_id
WHERE r.vin IS NOT NULL;

-- ---- cars and those who have or had them, to the end ----

CREATE TEMP TABLE reached (
    is_car INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (is_car, id)
) WITHOUT ROWID;

INSERT INTO reached
WITH RECURSIVE reach(is_car, id) AS (
    SELECT 0, golden_id FROM touched_golden_id
    UNION
    SELECT 1, vin FROM touched_vin
    UNION
    SELECT 1, o.vin
    FROM reach
    CROSS JOIN main.ownership o ON o.golden_id = reach.id
    WHERE NOT reach.is_car AND o.vin IS NOT NULL
    UNION
    SELECT 0, o.golden_id
    FROM reach
    CROSS JOIN main.ownership o ON o.vin = reach.id
    WHERE reach.is_car
    UNION
    SELECT 1, k.vin
    FROM reach
    CROSS JOIN main.contract k ON k.golden_id = reach.id
    WHERE NOT reach.is_car AND k.vin IS NOT NULL
)
SELECT is_car, id FROM reach ORDER BY is_car, id;

INSERT OR IGNORE INTO touched_golden_id SELECT id FROM reached WHERE NOT is_car;
INSERT OR IGNORE INTO touched_vin SELECT id FROM reached WHERE is_car;

-- ---- what they have in the view and in the state ----

INSERT OR IGNORE INTO touched_event_id
SELECT e.event_id
FROM touched_golden_id t
CROSS JOIN main.event e ON e.golden_id = t.golden_id
UNION
SELECT v.event_id
FROM touched_golden_id t
CROSS JOIN main.visit_again v ON v.golden_id = t.golden_id
UNION
SELECT e.event_id
FROM touched_vin t
CROSS JOIN main.event e ON e.vin = t.vin
WHERE e.golden_id IS NULL;

INSERT OR IGNORE INTO touched_contract_id
SELECT k.contract_id
FROM touched_golden_id t
CROSS JOIN main.contract k ON k.golden_id = t.golden_id
UNION
SELECT k.contract_id
FROM touched_vin t
CROSS JOIN main.contract k ON k.vin = t.vin;

INSERT OR IGNORE INTO touched_membership_id
SELECT m.membership_id
FROM touched_golden_id t
CROSS JOIN main.membership m ON m.golden_id = t.golden_id;

-- Where they lived: their households may change, and those of whoever else is there. Who is near is
-- found when it is known where they live now.
CREATE TEMP TABLE touched_address (address TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT OR IGNORE INTO touched_address
SELECT m.address
FROM touched_golden_id t
CROSS JOIN main.customer m ON m.golden_id = t.golden_id
WHERE m.type = 'person' AND m.address IS NOT NULL;

CREATE TEMP TABLE near_customer (golden_id TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TEMP VIEW each_customer_by_near AS
SELECT * FROM main.customer WHERE golden_id IN near_customer;

CREATE TEMP VIEW each_contact_point_by_near AS
SELECT * FROM main.contact_point WHERE golden_id IN near_customer;

CREATE TEMP TABLE touched_golden_number (golden_number INTEGER PRIMARY KEY);

INSERT OR IGNORE INTO touched_golden_number
SELECT golden_number FROM state.changed_golden;

INSERT OR IGNORE INTO touched_golden_number
SELECT m.golden_number
FROM touched_golden_id t
CROSS JOIN main.customer m ON m.golden_id = t.golden_id;

CREATE TEMP TABLE touched_record (record_id INTEGER PRIMARY KEY);

INSERT INTO touched_record
SELECT x.record_id
FROM touched_golden_number t
CROSS JOIN state.crosswalk x ON x.golden_number = t.golden_number
ORDER BY 1;

CREATE TEMP VIEW each_golden AS
SELECT * FROM state.golden WHERE golden_number IN touched_golden_number;

CREATE TEMP VIEW each_golden_choice AS
SELECT * FROM state.golden_choice WHERE golden_number IN touched_golden_number;

CREATE TEMP VIEW each_record_customer AS
SELECT * FROM state.record_customer WHERE record_id IN touched_record;

CREATE TEMP VIEW each_record_service AS
SELECT * FROM state.record_service WHERE record_id IN touched_event_id;

CREATE TEMP VIEW each_record_lead AS
SELECT * FROM state.record_lead WHERE record_id + 10000000000 IN touched_event_id;

CREATE TEMP VIEW each_record_complaint AS
SELECT * FROM state.record_complaint WHERE record_id + 30000000000 IN touched_event_id;

CREATE TEMP VIEW each_record_membership AS
SELECT * FROM state.record_membership WHERE record_id IN touched_membership_id;

CREATE TEMP VIEW each_record_contract AS
SELECT * FROM state.record_contract WHERE record_id IN touched_contract_id;

-- A consent that came for a mobile and an e-mail counts for those that are touched.
CREATE TEMP VIEW each_record_consent AS
SELECT record_id, source_id, closed_run, channel, purpose, decision, decided_at,
       CASE WHEN mobile IN touched_contact_value THEN mobile END AS mobile,
       CASE WHEN email IN touched_contact_value THEN email END AS email
FROM state.record_consent
WHERE mobile IN touched_contact_value OR email IN touched_contact_value;

-- Cars without a VIN are known by their customer only.
CREATE TEMP TABLE touched_ownership (record_id INTEGER PRIMARY KEY);

INSERT INTO touched_ownership
SELECT r.record_id
FROM state.record_ownership r
WHERE r.vin IN touched_vin
   OR (r.vin IS NULL AND EXISTS (
           SELECT 1
           FROM state.record_customer k
           CROSS JOIN touched_record t ON t.record_id = k.record_id
           WHERE k.source_id = r.source_id AND k.source_key = r.customer_key));

CREATE TEMP VIEW each_record_ownership AS
SELECT * FROM state.record_ownership WHERE record_id IN touched_ownership;

-- The customers' numbers that those records name.
CREATE TEMP TABLE customer_number (
    source_id INTEGER NOT NULL,
    customer_key TEXT NOT NULL,
    golden_number INTEGER NOT NULL,
    golden_id TEXT NOT NULL,
    PRIMARY KEY (source_id, customer_key)
) WITHOUT ROWID;

INSERT INTO customer_number
SELECT r.source_id, r.source_key, g.golden_number, g.golden_id
FROM (
    SELECT source_id, customer_key FROM each_record_ownership
    UNION
    SELECT source_id, customer_key FROM each_record_service
    UNION
    SELECT source_id, customer_key FROM each_record_lead
    UNION
    SELECT source_id, customer_key FROM each_record_membership
) k
CROSS JOIN state.record_customer r ON r.source_id = k.source_id AND r.source_key = k.customer_key
CROSS JOIN state.crosswalk x ON x.record_id = r.record_id
CROSS JOIN state.golden g ON g.golden_number = x.golden_number;
