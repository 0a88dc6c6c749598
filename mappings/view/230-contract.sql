-- Finance, insurance and warranty contracts, and whose they are: the identity number decides, then
-- the name among those who have or had the car, then who had the car when the contract began.
-- touched: customer_identity.golden_id, contract.contract_id
CREATE TABLE contract (
    contract_id INTEGER PRIMARY KEY, -- of the state's record
    golden_id TEXT,
    type TEXT,            -- finance, insurance, warranty
    number TEXT NOT NULL, -- of the contract, at its source
    product TEXT,         -- loan, lease, compulsory insurance …; a code
    name TEXT,            -- the insured or borrower, as the contract has it
    vin TEXT,
    plate TEXT,           -- as the contract has it
    principal REAL,       -- what was lent or is insured
    starts_on TEXT,       -- first day
    ends_on TEXT,         -- also reckoned from the term
    months INTEGER,       -- the term, when it was given
    status TEXT,          -- open, overdue, closed …; a code
    source TEXT NOT NULL,
    linked_by TEXT        -- how the customer was found: identity number, VIN and name …; empty:
                          -- nobody was
);

-- The identity numbers of a customer's records, as they are compared.
CREATE TABLE customer_identity (
    id_key TEXT NOT NULL,    -- the number in the form in which two are compared
    golden_id TEXT NOT NULL,
    PRIMARY KEY (id_key, golden_id)
) WITHOUT ROWID;

INSERT OR IGNORE INTO customer_identity
SELECT r.id_key, n.golden_id
FROM each_record_customer r
CROSS JOIN state.crosswalk x ON x.record_id = r.record_id
CROSS JOIN state.golden n ON n.golden_number = x.golden_number
WHERE r.closed_run IS NULL AND r.id_key IS NOT NULL
ORDER BY 1, 2;

CREATE INDEX customer_identity_customer ON customer_identity (golden_id);

CREATE TEMP TABLE contract_candidate (
    record_id INTEGER NOT NULL,
    evidence INTEGER NOT NULL,  -- the smaller, the stronger
    golden_id TEXT NOT NULL,
    PRIMARY KEY (record_id, evidence, golden_id)
) WITHOUT ROWID;

INSERT INTO contract_candidate
SELECT r.record_id,
       CASE WHEN EXISTS (SELECT 1 FROM ownership o
                         WHERE o.vin = r.vin AND o.golden_id = i.golden_id)
           THEN 1 ELSE 2 END,
       i.golden_id
FROM each_record_contract r
CROSS JOIN customer_identity i ON i.id_key = r.id_key
WHERE r.closed_run IS NULL;

-- Cars and names are asked only where no identity number has answered. Who had the car twice is
-- named by the stronger of both times; what is weaker is ignored below.
INSERT OR IGNORE INTO contract_candidate
SELECT record_id, evidence, golden_id
FROM (
    SELECT r.record_id, o.golden_id,
           CASE
               WHEN r.name IN (c.name, c.name_key) OR r.name_key IN (c.name, c.name_key) THEN 3
               WHEN coalesce(o.from_date <= r.starts_on, 1) AND coalesce(o.to_date > r.starts_on, 1)
                   THEN 4
               WHEN (r.name IN (c.name, c.name_key) OR r.name_key IN (c.name, c.name_key)) IS NULL
                   THEN 5
           END AS evidence
    FROM each_record_contract r
    CROSS JOIN ownership o ON o.vin = r.vin
    CROSS JOIN customer c ON c.golden_id = o.golden_id
    WHERE r.closed_run IS NULL
      AND NOT EXISTS (SELECT 1 FROM customer_identity i WHERE i.id_key = r.id_key)
)
WHERE evidence IS NOT NULL;

CREATE TEMP TABLE contract_customer (
    record_id INTEGER PRIMARY KEY,
    golden_id TEXT NOT NULL,
    evidence INTEGER NOT NULL,
    candidates INTEGER NOT NULL -- that this evidence names
);

-- A contract's strongest evidence comes first; what follows it is ignored.
INSERT OR IGNORE INTO contract_customer
SELECT record_id, min(golden_id), evidence, count(*)
FROM contract_candidate
GROUP BY record_id, evidence
ORDER BY record_id, evidence;

INSERT INTO contract
SELECT r.record_id, l.golden_id,
       CASE
           WHEN r.type IN (SELECT value FROM parameter WHERE name = 'contract_warranty_types')
             OR r.product IN (SELECT value FROM parameter
                              WHERE name = 'contract_warranty_products')
               THEN 'warranty'
           ELSE r.type
       END,
       r.number, r.product, r.name, r.vin, r.plate, r.principal, r.starts_on,
       coalesce(r.ends_on, months_after(r.starts_on, r.months)), r.months, r.status,
       s.name,
       CASE l.evidence
           WHEN 1 THEN 'identity number and VIN'
           WHEN 2 THEN 'identity number'
           WHEN 3 THEN 'VIN and name'
           WHEN 4 THEN 'VIN''s owner at the start'
           WHEN 5 THEN 'VIN''s only owner'
       END
FROM each_record_contract r
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN contract_customer l ON l.record_id = r.record_id
                             AND (l.evidence IN (1, 3) OR l.candidates = 1)
WHERE r.closed_run IS NULL;

DROP TABLE contract_customer;
DROP TABLE contract_candidate;

CREATE INDEX contract_customer_id ON contract (golden_id);
-- Holds all that is asked of a car's contracts.
CREATE INDEX contract_vehicle ON contract (vin, type, golden_id, starts_on, ends_on, status, plate);
