-- Odometer readings that cannot be right beside their neighbours.
-- touched: odometer_finding.vin, vehicle_status.vin
CREATE TABLE odometer_finding (
    vin TEXT NOT NULL,
    read_on TEXT NOT NULL, -- day of the reading in doubt
    odometer_km INTEGER NOT NULL, -- what was read
    kind TEXT NOT NULL,  -- rollback: lower than before, and it stays so
                         -- too_low: the next reading is where the one before was
                         -- too_high: this one alone stands out above those around it
    before_on TEXT,      -- the reading before
    before_km INTEGER,   -- its odometer
    PRIMARY KEY (vin, read_on, odometer_km, kind)
) WITHOUT ROWID;

-- What the workshops know of a car that was there up to today, read once in the index's order. The
-- dealer goes behind the day: of two dealers on one day it is always the same one.
CREATE TEMP TABLE car_visit (
    car INTEGER PRIMARY KEY,
    vin TEXT NOT NULL,
    visits INTEGER NOT NULL,
    last_visit_on TEXT,
    last_visit_dealer TEXT,
    maintenance_on TEXT,  -- the last one's day and odometer
    maintenance_km INTEGER,
    maintenance_due_on TEXT,
    inspected_on TEXT,
    visit_months INTEGER NOT NULL,
    served_years INTEGER NOT NULL
);

INSERT INTO car_visit (vin, visits, last_visit_on, last_visit_dealer, maintenance_on,
                       maintenance_km, maintenance_due_on, inspected_on, visit_months,
                       served_years)
SELECT vin, visits, substr(last_visit, 1, 10), nullif(substr(last_visit, 11), ''),
       substr(maintenance, 1, 10), CAST(nullif(substr(maintenance, 11), '') AS INTEGER),
       months_after(substr(maintenance, 1, 10),
                    (SELECT value FROM parameter WHERE name = 'maintenance_months')),
       inspected_on, visit_months, served_years
FROM (
    SELECT e.vin, count(*) AS visits, max(e.date || coalesce(e.dealer, '')) AS last_visit,
           max(e.date || coalesce(e.odometer_km, ''))
               FILTER (WHERE e.detail IN (SELECT value FROM parameter
                                        WHERE name = 'maintenance_jobs')) AS maintenance,
           max(e.date)
               FILTER (WHERE e.detail IN (SELECT value FROM parameter
                                        WHERE name = 'inspection_jobs')) AS inspected_on,
           bits((SELECT month_number(value) FROM parameter WHERE name = 'as_of')
                - month_number(e.date)) AS visit_months,
           bits(years_begun(v.first_sold_on, e.date) - 1) AS served_years
    FROM each_event_by_vin e
    LEFT JOIN vehicle v ON v.vin = e.vin
    WHERE e.type = 'service' AND e.vin IS NOT NULL
      AND coalesce(e.date <= (SELECT value FROM parameter WHERE name = 'as_of'), 1)
    GROUP BY e.vin
);

CREATE UNIQUE INDEX car_visit_vin ON car_visit (vin);

-- Numbered in the order of cars and days, so that a reading's neighbours are those of the numbers
-- beside it.
CREATE TEMP TABLE reading (
    n INTEGER PRIMARY KEY,
    car INTEGER NOT NULL,
    day TEXT NOT NULL,
    km INTEGER NOT NULL
);

INSERT INTO reading (car, day, km)
SELECT c.car, e.date, e.odometer_km
FROM car_visit c
CROSS JOIN each_event_by_vin e ON e.vin = c.vin
WHERE e.type = 'service' AND e.date <= (SELECT value FROM parameter WHERE name = 'as_of')
  AND e.odometer_km IS NOT NULL
ORDER BY c.car, e.date, e.odometer_km;

CREATE TEMP TABLE lower_reading AS
SELECT r.n, r.car, r.day, r.km, b.day AS before_day, b.km AS before_km, e.day AS earlier_day,
       e.km AS earlier_km,
       CASE WHEN a.km >= b.km THEN 'too_low' WHEN e.km <= r.km THEN 'too_high' ELSE 'rollback' END
           AS kind
FROM reading r
CROSS JOIN reading b ON b.n = r.n - 1
LEFT JOIN reading a ON a.n = r.n + 1 AND a.car = r.car
LEFT JOIN reading e ON e.n = r.n - 2 AND e.car = r.car
WHERE b.car = r.car AND r.km < b.km;

INSERT OR IGNORE INTO odometer_finding
SELECT c.vin, CASE kind WHEN 'too_high' THEN before_day ELSE day END,
       CASE kind WHEN 'too_high' THEN before_km ELSE km END, kind,
       CASE kind WHEN 'too_high' THEN earlier_day ELSE before_day END,
       CASE kind WHEN 'too_high' THEN earlier_km ELSE before_km END
FROM lower_reading l
CROSS JOIN car_visit c ON c.car = l.car;

-- The number of each car's first reading; the next car's tells where the last one is. After a
-- roll-back the use is reckoned from there.
CREATE TEMP TABLE first_reading (k INTEGER PRIMARY KEY, n INTEGER NOT NULL);

INSERT INTO first_reading (n)
SELECT r.n FROM reading r LEFT JOIN reading b ON b.n = r.n - 1 WHERE b.car IS NOT r.car ORDER BY r.n;

INSERT INTO first_reading (n) SELECT max(n) + 1 FROM reading HAVING max(n) IS NOT NULL;

CREATE TEMP TABLE rolled_back (car INTEGER PRIMARY KEY, n INTEGER NOT NULL, times INTEGER NOT NULL);

INSERT INTO rolled_back
SELECT car, max(n), count(*) FROM lower_reading WHERE kind = 'rollback' GROUP BY car;

CREATE TEMP TABLE car_use (
    car INTEGER PRIMARY KEY,
    odometer_km INTEGER NOT NULL,
    odometer_on TEXT NOT NULL,
    km_per_day REAL,
    rollbacks INTEGER NOT NULL,
    service_at_km INTEGER,
    service_at_km_on TEXT,
    warranty_at_km_on TEXT
);

-- LIMIT -1 keeps SQLite from reckoning a column anew wherever it is used.
INSERT INTO car_use
SELECT car, km, day, km_per_day, rollbacks, service_at_km,
       days_after(day, CAST(max(0, service_at_km - km) / km_per_day AS INTEGER)),
       -- Far away ones do not matter.
       CASE WHEN km + km_per_day * 1500 > (SELECT value FROM parameter WHERE name = 'warranty_km')
            THEN days_after(day, CAST(((SELECT value FROM parameter WHERE name = 'warranty_km') - km)
                                      / km_per_day AS INTEGER)) END
FROM (
    SELECT u.car, u.km, u.day, u.rollbacks, u.km_per_day,
           CASE WHEN u.km_per_day IS NOT NULL THEN
               v.maintenance_km + (SELECT value FROM parameter WHERE name = 'maintenance_km') END
               AS service_at_km
    FROM (
        SELECT car, km, day, rollbacks,
               CASE WHEN days >= (SELECT value FROM parameter WHERE name = 'use_days_least')
                    THEN min((SELECT value FROM parameter WHERE name = 'use_km_per_day_most'),
                             max((SELECT value FROM parameter WHERE name = 'use_km_per_day_least'),
                                 round(1.0 * (km - from_km) / days, 1))) END AS km_per_day
        FROM (
            SELECT l.car, l.km, l.day, f.km AS from_km,
                   day_number(l.day) - day_number(f.day) AS days,
                   coalesce(b.times, 0) AS rollbacks
            FROM first_reading c
            CROSS JOIN first_reading x ON x.k = c.k + 1
            CROSS JOIN reading l ON l.n = x.n - 1
            LEFT JOIN rolled_back b ON b.car = l.car
            CROSS JOIN reading f ON f.n = coalesce(b.n, c.n)
            LIMIT -1
        )
        LIMIT -1
    ) u
    CROSS JOIN car_visit v ON v.car = u.car
    LIMIT -1
);

DROP TABLE rolled_back;
DROP TABLE first_reading;
DROP TABLE lower_reading;
DROP TABLE reading;

CREATE TEMP TABLE car_resold (
    vin TEXT PRIMARY KEY,
    changes INTEGER NOT NULL,  -- up to today
    changed_on TEXT NOT NULL,  -- the last time
    owner_golden_id TEXT       -- who has it since
) WITHOUT ROWID;

INSERT INTO car_resold
SELECT h.vin, sum(h.changed_on <= (SELECT value FROM parameter WHERE name = 'as_of')),
       max(h.changed_on), v.owner_golden_id
FROM each_owner_change h
CROSS JOIN vehicle v ON v.vin = h.vin
GROUP BY h.vin;

CREATE TEMP TABLE car_contract (
    vin TEXT PRIMARY KEY,
    finance_ends_on TEXT,
    insurance_ends_on TEXT,
    extended_ends_on TEXT
) WITHOUT ROWID;

-- A warranty goes with the car; what a former owner pays off or has insured does not.
INSERT INTO car_contract
SELECT vin, max(ends_on) FILTER (WHERE type = 'finance' AND is_owners),
       max(ends_on) FILTER (WHERE type = 'insurance' AND is_owners),
       max(ends_on) FILTER (WHERE type = 'warranty')
FROM (
    SELECT k.vin, k.type, k.ends_on,
           h.vin IS NULL OR k.golden_id IS h.owner_golden_id
           OR coalesce(k.starts_on >= h.changed_on, k.golden_id IS NULL) AS is_owners
    FROM each_contract_by_vin k
    LEFT JOIN car_resold h ON h.vin = k.vin
    WHERE k.vin IS NOT NULL
      AND coalesce(k.status, '') NOT IN (SELECT value FROM parameter
                                         WHERE name = 'contract_ended_status')
)
GROUP BY vin;

-- How each car stands today, one line a car: use, ends, what is due next. Visits and sales that are
-- dated after today are not counted.
CREATE TABLE vehicle_status (
    vin TEXT NOT NULL,
    owner_golden_id TEXT,      -- who has it now; empty when it is unclear
    dealer TEXT,               -- who looks after it: where it was last in a workshop
    owner_changes INTEGER NOT NULL, -- times that it was resold
    visits INTEGER NOT NULL,   -- to workshops of the group
    last_visit_on TEXT,        -- to any of them
    odometer_km INTEGER,       -- the last reading
    odometer_on TEXT,          -- day of that reading
    rollbacks INTEGER NOT NULL, -- see odometer_finding
    km_per_day REAL,           -- average use between the first and the last reading (after a
                               -- roll-back: from there), if use_days_least apart or more
    last_maintenance_on TEXT,  -- last visit for maintenance
    last_maintenance_km INTEGER, -- odometer then
    next_service_on TEXT,      -- maintenance_months after the last maintenance, or when
                               -- maintenance_km will have been driven, whichever is first
    next_service_by TEXT,      -- date or distance: which of them is first
    next_service_km INTEGER,   -- at which odometer
    warranty_ends_on TEXT,     -- warranty_months after the first sale, or when warranty_km is
                               -- reached, whichever is first
    warranty_ends_by TEXT,     -- date or distance
    extended_warranty_ends_on TEXT, -- of contracts of warranty
    insurance_ends_on TEXT,    -- the last policy's end; of a resold car: not a former owner's
    inspection_due_on TEXT,    -- each second year after the first sale, each year from
                               -- inspection_every_year_from on
    connected_ends_on TEXT,    -- connected_months after the first sale
    finance_ends_on TEXT,      -- of the last finance contract; of a resold car: likewise
    first_sold_on TEXT,        -- first sale known to the group
    visit_months INTEGER NOT NULL, -- months with a visit, as bits: 1 is this month, 2 the one before,
                               -- 4 the one before that …, for 63 months
    served_years INTEGER NOT NULL -- years since the first sale with a visit, as bits: 1 is the first
);

-- What follows from the day of a car's first sale, reckoned once a day.
CREATE TEMP TABLE sale_day (
    day TEXT PRIMARY KEY,
    warranty_ends_on TEXT,
    connected_ends_on TEXT,
    maintenance_due_on TEXT,  -- as long as there has been none
    inspection_due_on TEXT,   -- the next one
    inspection_from TEXT,     -- who was there from then on has it behind
    inspection_after_on TEXT  -- the one after it
) WITHOUT ROWID;

-- The next anniversary that has an inspection: each second year, later each year.
INSERT INTO sale_day
SELECT day, months_after(day, (SELECT value FROM parameter WHERE name = 'warranty_months')),
       months_after(day, (SELECT value FROM parameter WHERE name = 'connected_months')),
       months_after(day, (SELECT value FROM parameter WHERE name = 'maintenance_months')),
       months_after(day, 12 * years),
       days_after(months_after(day, 12 * years),
                  -(SELECT value FROM parameter WHERE name = 'inspection_early_days')),
       months_after(day, 12 * (years + CASE WHEN years >= yearly THEN 1 ELSE 2 END))
FROM (
    SELECT day, yearly, CASE WHEN anniversary >= yearly THEN anniversary
                             ELSE max(2, (anniversary + 1) / 2 * 2) END AS years
    FROM (
        SELECT d.day, substr(t.as_of, 1, 4) - substr(d.day, 1, 4)
                      + (substr(t.as_of, 6) > substr(d.day, 6)) AS anniversary,
               (SELECT value FROM parameter WHERE name = 'inspection_every_year_from') AS yearly
        FROM (SELECT DISTINCT first_sold_on AS day FROM each_vehicle
              WHERE first_sold_on IS NOT NULL) d
        CROSS JOIN (SELECT value AS as_of FROM parameter WHERE name = 'as_of') t
    )
);

INSERT INTO vehicle_status
SELECT v.vin, v.owner_golden_id,
       coalesce(w.last_visit_dealer, (SELECT dealer FROM ownership o
                                      WHERE o.vin = v.vin AND o.role = 'owner'
                                      ORDER BY from_date DESC, dealer LIMIT 1)),
       coalesce(h.changes, 0), coalesce(w.visits, 0), w.last_visit_on, u.odometer_km, u.odometer_on,
       coalesce(u.rollbacks, 0), u.km_per_day, w.maintenance_on, w.maintenance_km,
       CASE WHEN u.service_at_km_on < coalesce(w.maintenance_due_on, s.maintenance_due_on) THEN u.service_at_km_on
            ELSE coalesce(coalesce(w.maintenance_due_on, s.maintenance_due_on), u.service_at_km_on) END,
       CASE WHEN u.service_at_km_on < coalesce(w.maintenance_due_on, s.maintenance_due_on) THEN 'distance'
            WHEN coalesce(w.maintenance_due_on, s.maintenance_due_on) IS NOT NULL THEN 'date' END,
       u.service_at_km,
       CASE WHEN u.warranty_at_km_on < s.warranty_ends_on THEN u.warranty_at_km_on
            ELSE s.warranty_ends_on END,
       CASE WHEN u.warranty_at_km_on < s.warranty_ends_on THEN 'distance'
            WHEN s.warranty_ends_on IS NOT NULL THEN 'date' END,
       k.extended_ends_on, k.insurance_ends_on,
       CASE WHEN w.inspected_on >= s.inspection_from THEN s.inspection_after_on
            ELSE s.inspection_due_on END,
       s.connected_ends_on, k.finance_ends_on, v.first_sold_on, coalesce(w.visit_months, 0),
       coalesce(w.served_years, 0)
FROM each_vehicle v
LEFT JOIN car_visit w ON w.vin = v.vin
LEFT JOIN car_use u ON u.car = w.car
LEFT JOIN car_contract k ON k.vin = v.vin
LEFT JOIN car_resold h ON h.vin = v.vin
LEFT JOIN sale_day s ON s.day = v.first_sold_on
ORDER BY v.vin;

DROP TABLE sale_day;
DROP TABLE car_resold;
DROP TABLE car_contract;
DROP TABLE car_use;
DROP TABLE car_visit;

CREATE UNIQUE INDEX vehicle_status_vin ON vehicle_status (vin);
