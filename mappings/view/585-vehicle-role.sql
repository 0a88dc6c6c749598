-- Who else has to do with a car, besides those who own or owned it (they are in ownership): who
-- brings it to the workshop, who pays for it and in whose name it is insured.
-- touched: vehicle_role.vin
CREATE TABLE vehicle_role (
    vin TEXT NOT NULL,
    golden_id TEXT NOT NULL,
    role TEXT NOT NULL,       -- service_contact: brought it, and was not its owner that day
                              -- driver: the same, with a car that an organisation owned that day
                              -- payer: its finance contract is theirs
                              -- insured: its insurance is theirs
    from_date TEXT NOT NULL,  -- first visit or the contract's first day; empty: not known
    to_date TEXT,             -- last visit or the contract's last day
    times INTEGER NOT NULL,   -- visits or contracts that say so
    PRIMARY KEY (vin, golden_id, role)
) WITHOUT ROWID;

-- Somebody who had the car that day is no mere contact, whether or not it is known since when.
INSERT INTO vehicle_role
SELECT v.vin, v.golden_id, v.role, coalesce(min(v.date), ''), max(v.date), count(*)
FROM (
    SELECT e.vin, e.golden_id, e.date,
           CASE WHEN EXISTS (SELECT 1 FROM ownership o CROSS JOIN customer c
                                 ON c.golden_id = o.golden_id AND c.type = 'organisation'
                             WHERE o.vin = e.vin AND coalesce(o.from_date <= e.date, 1)
                               AND coalesce(o.to_date > e.date, 1))
                THEN 'driver' ELSE 'service_contact' END AS role
    FROM each_event_by_vin e
    WHERE e.type = 'service' AND e.golden_id IS NOT NULL AND e.vin IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM ownership o
                      WHERE o.vin = e.vin AND o.golden_id = e.golden_id
                        AND coalesce(o.from_date <= e.date, 1)
                        AND coalesce(o.to_date > e.date, 1))
) v
GROUP BY v.vin, v.golden_id, v.role;

-- The first of the contracts begins the time, the last one ends it; one without an end has none.
INSERT INTO vehicle_role
SELECT vin, golden_id, CASE type WHEN 'finance' THEN 'payer' ELSE 'insured' END,
       coalesce(min(starts_on), ''),
       CASE WHEN count(ends_on) = count(*) THEN max(ends_on) END, count(*)
FROM each_contract_by_vin
WHERE vin IS NOT NULL AND golden_id IS NOT NULL AND type IN ('finance', 'insurance')
GROUP BY vin, golden_id, type;

CREATE INDEX vehicle_role_customer ON vehicle_role (golden_id);
