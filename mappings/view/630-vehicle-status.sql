-- Odometer readings that cannot be right beside their neighbours.
-- touched: odometer_finding.vin, vehicle_status.vin
CREATE TABLE odometer_finding (
    vin TEXT NOT NULL,
    read_on TEXT NOT NULL,
    odometer_km INTEGER NOT NULL,
    kind TEXT NOT NULL,  -- rollback: lower than before, and it stays so
                         -- too_low: the next reading is where the one before was
                         -- too_high: this one alone stands out above those around it
    before_on TEXT,      -- the reading before
    before_km INTEGER,
    PRIMARY KEY (vin, read_on, odometer_km, kind)
) WITHOUT ROWID;

-- Numbered in the order of cars and days, so that a reading's neighbours are those of the numbers
-- beside it.
CREATE TEMP TABLE reading (
    n INTEGER PRIMARY KEY,
    vin TEXT NOT NULL,
    day TEXT NOT NULL,
    km INTEGER NOT NULL
);

INSERT INTO reading (vin, day, km)
SELECT vin, date, odometer_km
FROM each_event_by_vin
WHERE vin IS NOT NULL AND date IS NOT NULL AND type = 'service' AND odometer_km IS NOT NULL
ORDER BY vin, date, odometer_km;

CREATE TEMP TABLE lower_reading AS
SELECT r.n, r.vin, r.day, r.km, b.day AS before_day, b.km AS before_km, e.day AS earlier_day,
       e.km AS earlier_km,
       CASE WHEN a.km >= b.km THEN 'too_low' WHEN e.km <= r.km THEN 'too_high' ELSE 'rollback' END
           AS kind
FROM reading r
CROSS JOIN reading b ON b.n = r.n - 1
LEFT JOIN reading a ON a.n = r.n + 1 AND a.vin = r.vin
LEFT JOIN reading e ON e.n = r.n - 2 AND e.vin = r.vin
WHERE b.vin = r.vin AND r.km < b.km;

INSERT OR IGNORE INTO odometer_finding
SELECT vin, CASE kind WHEN 'too_high' THEN before_day ELSE day END,
       CASE kind WHEN 'too_high' THEN before_km ELSE km END, kind,
       CASE kind WHEN 'too_high' THEN earlier_day ELSE before_day END,
       CASE kind WHEN 'too_high' THEN earlier_km ELSE before_km END
FROM lower_reading
ORDER BY 1, 2, 3, 4;

-- The number of each car's first reading; the next car's tells where the last one is. After a
-- roll-back the use is reckoned from there.
CREATE TEMP TABLE first_reading (k INTEGER PRIMARY KEY, n INTEGER NOT NULL);

INSERT INTO first_reading (n)
SELECT r.n FROM reading r LEFT JOIN reading b ON b.n = r.n - 1 WHERE b.vin IS NOT r.vin ORDER BY r.n;

INSERT INTO first_reading (n) SELECT max(n) + 1 FROM reading HAVING max(n) IS NOT NULL;

CREATE TEMP TABLE rolled_back (vin TEXT PRIMARY KEY, n INTEGER NOT NULL, times INTEGER NOT NULL)
WITHOUT ROWID;

INSERT INTO rolled_back
SELECT vin, max(n), count(*) FROM lower_reading WHERE kind = 'rollback' GROUP BY vin;

CREATE TEMP TABLE car_use (
    vin TEXT PRIMARY KEY,
    odometer_km INTEGER NOT NULL,
    odometer_on TEXT NOT NULL,
    km_per_day REAL,
    rollbacks INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO car_use
SELECT vin, km, day,
       CASE WHEN days >= (SELECT value FROM parameter WHERE name = 'use_days_least')
            THEN min((SELECT value FROM parameter WHERE name = 'use_km_per_day_most'),
                     max((SELECT value FROM parameter WHERE name = 'use_km_per_day_least'),
                         round(1.0 * (km - from_km) / days, 1))) END,
       rollbacks
FROM (
    SELECT l.vin, l.km, l.day, f.km AS from_km, lc.number - fc.number AS days,
           coalesce(b.times, 0) AS rollbacks
    FROM first_reading c
    CROSS JOIN first_reading x ON x.k = c.k + 1
    CROSS JOIN reading l ON l.n = x.n - 1
    LEFT JOIN rolled_back b ON b.vin = l.vin
    CROSS JOIN reading f ON f.n = coalesce(b.n, c.n)
    LEFT JOIN calendar lc ON lc.day = l.day
    LEFT JOIN calendar fc ON fc.day = f.day
);

DROP TABLE rolled_back;
DROP TABLE first_reading;
DROP TABLE lower_reading;
DROP TABLE reading;

-- What the workshops know of a car, and its maintenance and inspections apart: only those set the
-- next one back.
CREATE TEMP TABLE car_visit (
    vin TEXT PRIMARY KEY,
    visits INTEGER NOT NULL,
    last_visit_on TEXT,
    last_visit_dealer TEXT
) WITHOUT ROWID;

-- The dealer goes behind the day: of two dealers on one day it is always the same one.
INSERT INTO car_visit
SELECT vin, visits, substr(last, 1, 10), nullif(substr(last, 11), '')
FROM (
    SELECT vin, count(*) AS visits, max(date || coalesce(dealer, '')) AS last
    FROM each_event_by_vin
    WHERE type = 'service' AND vin IS NOT NULL
    GROUP BY vin
);

CREATE TEMP TABLE car_job (
    vin TEXT PRIMARY KEY,
    maintenance TEXT, -- the last one's day, and behind it the odometer
    inspected_on TEXT
) WITHOUT ROWID;

INSERT INTO car_job
SELECT vin,
       max(CASE WHEN detail IN (SELECT value FROM parameter WHERE name = 'maintenance_jobs')
                THEN date || coalesce(odometer_km, '') END),
       max(CASE WHEN detail IN (SELECT value FROM parameter WHERE name = 'inspection_jobs')
                THEN date END)
FROM each_event_by_vin
WHERE type = 'service' AND vin IS NOT NULL
  AND (detail IN (SELECT value FROM parameter WHERE name = 'maintenance_jobs')
       OR detail IN (SELECT value FROM parameter WHERE name = 'inspection_jobs'))
GROUP BY vin;

CREATE TEMP TABLE car_contract (
    vin TEXT PRIMARY KEY,
    finance_ends_on TEXT,
    insurance_ends_on TEXT,
    extended_ends_on TEXT
) WITHOUT ROWID;

INSERT INTO car_contract
SELECT vin, max(CASE type WHEN 'finance' THEN ends_on END),
       max(CASE type WHEN 'insurance' THEN ends_on END),
       max(CASE type WHEN 'warranty' THEN ends_on END)
FROM each_contract_by_vin
WHERE vin IS NOT NULL
  AND coalesce(status, '') NOT IN (SELECT value FROM parameter WHERE name = 'contract_ended_status')
GROUP BY vin;

CREATE TEMP TABLE car_resold (vin TEXT PRIMARY KEY, changes INTEGER NOT NULL) WITHOUT ROWID;

INSERT INTO car_resold SELECT vin, count(*) FROM each_owner_change GROUP BY vin;

-- How each car stands today, one line a car: use, ends, what is due next.
CREATE TABLE vehicle_status (
    vin TEXT NOT NULL,
    owner_golden_id TEXT,      -- who has it now; empty when it is unclear
    dealer TEXT,               -- who looks after it: where it was last in a workshop
    owner_changes INTEGER NOT NULL, -- times that it was resold
    visits INTEGER NOT NULL,   -- to workshops of the group
    last_visit_on TEXT,
    odometer_km INTEGER,       -- the last reading
    odometer_on TEXT,
    rollbacks INTEGER NOT NULL, -- see odometer_finding
    km_per_day REAL,           -- average use between the first and the last reading (after a
                               -- roll-back: from there), if use_days_least apart or more
    last_maintenance_on TEXT,
    last_maintenance_km INTEGER,
    next_service_on TEXT,      -- maintenance_months after the last maintenance, or when
                               -- maintenance_km will have been driven, whichever is first
    next_service_by TEXT,      -- date or distance: which of them is first
    next_service_km INTEGER,   -- at which odometer
    warranty_ends_on TEXT,     -- warranty_months after the first sale, or when warranty_km is
                               -- reached, whichever is first
    warranty_ends_by TEXT,     -- date or distance
    extended_warranty_ends_on TEXT,
    insurance_ends_on TEXT,    -- the last policy's end
    inspection_due_on TEXT,    -- each second year after the first sale, each year from
                               -- inspection_every_year_from on
    connected_ends_on TEXT,    -- connected_months after the first sale
    finance_ends_on TEXT,
    first_sold_on TEXT
);

INSERT INTO vehicle_status
SELECT vin, owner_golden_id, dealer, owner_changes, visits, last_visit_on, odometer_km, odometer_on,
       rollbacks, km_per_day, last_maintenance_on, last_maintenance_km,
       min(coalesce(maintenance_due_on, service_at_km_on),
           coalesce(service_at_km_on, maintenance_due_on)),
       CASE WHEN service_at_km_on < maintenance_due_on THEN 'distance'
            WHEN maintenance_due_on IS NOT NULL THEN 'date' END,
       service_at_km,
       min(warranty_ends_on, coalesce(warranty_at_km_on, warranty_ends_on)),
       CASE WHEN warranty_at_km_on < warranty_ends_on THEN 'distance'
            WHEN warranty_ends_on IS NOT NULL THEN 'date' END,
       extended_ends_on, insurance_ends_on, inspection_due_on, connected_ends_on, finance_ends_on,
       first_sold_on
FROM (
    SELECT *,
           date(odometer_on, '+' || CAST(max(0, service_at_km - odometer_km) / km_per_day AS INTEGER)
                             || ' days') AS service_at_km_on,
           -- Far away ones do not matter.
           CASE WHEN odometer_km + km_per_day * 1500
                     > (SELECT value FROM parameter WHERE name = 'warranty_km')
                THEN date(odometer_on, CAST(((SELECT value FROM parameter
                                              WHERE name = 'warranty_km') - odometer_km)
                                            / km_per_day AS INTEGER) || ' days')
                END AS warranty_at_km_on
    FROM (
        SELECT v.vin, v.owner_golden_id, coalesce(w.last_visit_dealer,
                                       (SELECT dealer FROM ownership o
                                        WHERE o.vin = v.vin AND o.role = 'owner'
                                        ORDER BY from_date DESC, dealer LIMIT 1)) AS dealer,
               coalesce(h.changes, 0) AS owner_changes, coalesce(w.visits, 0) AS visits,
               w.last_visit_on, u.odometer_km, u.odometer_on, coalesce(u.rollbacks, 0) AS rollbacks,
               u.km_per_day, substr(j.maintenance, 1, 10) AS last_maintenance_on,
               CAST(nullif(substr(j.maintenance, 11), '') AS INTEGER) AS last_maintenance_km,
               d.maintenance_due_on,
               CASE WHEN u.km_per_day IS NOT NULL AND j.maintenance IS NOT NULL THEN
                   CAST(nullif(substr(j.maintenance, 11), '') AS INTEGER)
                   + (SELECT value FROM parameter WHERE name = 'maintenance_km') END
                   AS service_at_km,
               s.warranty_ends_on,
               k.extended_ends_on, k.insurance_ends_on, k.finance_ends_on,
               CASE WHEN j.inspected_on >= s.inspection_from THEN s.inspection_after_on
                    ELSE s.inspection_due_on END AS inspection_due_on,
               s.connected_ends_on, v.first_sold_on
        FROM each_vehicle v
        LEFT JOIN car_visit w ON w.vin = v.vin
        LEFT JOIN car_use u ON u.vin = v.vin
        LEFT JOIN car_job j ON j.vin = v.vin
        LEFT JOIN car_contract k ON k.vin = v.vin
        LEFT JOIN car_resold h ON h.vin = v.vin
        LEFT JOIN calendar s ON s.day = v.first_sold_on
        LEFT JOIN calendar d ON d.day = coalesce(substr(j.maintenance, 1, 10), v.first_sold_on)
    )
)
ORDER BY vin;

DROP TABLE car_resold;
DROP TABLE car_contract;
DROP TABLE car_job;
DROP TABLE car_visit;
DROP TABLE car_use;

CREATE UNIQUE INDEX vehicle_status_vin ON vehicle_status (vin);
