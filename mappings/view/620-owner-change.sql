-- Who sold a car to whom: each sale that ended another customer's time with it.
-- touched: owner_change.vin, vehicle_plate.vin
CREATE TABLE owner_change (
    vin TEXT NOT NULL,
    changed_on TEXT NOT NULL,     -- day of the later sale
    from_golden_id TEXT NOT NULL, -- former owner
    to_golden_id TEXT NOT NULL,   -- who has bought it
    dealer TEXT NOT NULL,         -- whose record tells of the later sale
    former_dealer TEXT NOT NULL,  -- whose record told of the earlier one
    price REAL,                   -- of the later sale
    owned_from TEXT,              -- since when the former owner had it
    PRIMARY KEY (vin, changed_on, from_golden_id, to_golden_id)
) WITHOUT ROWID;

INSERT OR IGNORE INTO owner_change
SELECT f.vin, f.to_date, f.golden_id, n.golden_id, n.dealer, f.dealer, n.price, f.from_date
FROM each_ownership_by_vin f
CROSS JOIN ownership n ON n.vin = f.vin
WHERE f.role = 'former_owner' AND n.from_date = f.to_date AND n.golden_id <> f.golden_id
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8;

-- A car's plates over time, as sales and policies name them. A plate holds until the next is seen.
CREATE TABLE vehicle_plate (
    vin TEXT NOT NULL,
    from_date TEXT NOT NULL,  -- first seen; empty: in an undated record
    plate TEXT NOT NULL,      -- as it is compared
    to_date TEXT,             -- when the next plate was seen; empty: it is the newest
    PRIMARY KEY (vin, from_date, plate)
) WITHOUT ROWID;

CREATE TEMP TABLE plate_seen (
    vin TEXT NOT NULL,
    seen_on TEXT NOT NULL,
    plate TEXT NOT NULL,
    PRIMARY KEY (vin, seen_on, plate)
) WITHOUT ROWID;

-- Each in the order of its index, by cars: that spares a sort of all.
INSERT OR IGNORE INTO plate_seen
SELECT vin, coalesce(from_date, ''), plate FROM each_ownership_by_vin
WHERE vin IS NOT NULL AND plate IS NOT NULL;

INSERT OR IGNORE INTO plate_seen
SELECT vin, coalesce(starts_on, ''), plate FROM each_contract_by_vin
WHERE vin IS NOT NULL AND plate IS NOT NULL;

-- Nearly every car has had one plate.
INSERT INTO vehicle_plate
SELECT vin, min(seen_on), plate, NULL FROM plate_seen GROUP BY vin HAVING min(plate) = max(plate);

INSERT INTO vehicle_plate
SELECT vin, seen_on, plate, lead(seen_on) OVER (PARTITION BY vin ORDER BY seen_on, plate)
FROM (
    SELECT s.vin, s.seen_on, s.plate,
           lag(s.plate) OVER (PARTITION BY s.vin ORDER BY s.seen_on, s.plate) AS before
    FROM (SELECT vin FROM plate_seen GROUP BY vin HAVING min(plate) <> max(plate)) m
    CROSS JOIN plate_seen s ON s.vin = m.vin
)
WHERE before IS NOT plate
ORDER BY 1, 2, 3;

DROP TABLE plate_seen;
