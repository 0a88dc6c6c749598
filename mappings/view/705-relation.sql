-- What customers are to each other. Each relation stands twice, once for either; that two share a
-- number, a home or a car makes them related, never one.
-- touched: relation.golden_id
CREATE TABLE relation (
    golden_id TEXT NOT NULL,
    other_golden_id TEXT NOT NULL, -- the other customer
    type TEXT NOT NULL,            -- what golden_id is to the other:
                                   -- household: lives with them
                                   -- employee, employer: works for them; they work for it
                                   -- driver, driven_by: drives their car; they drive its car
                                   -- service_contact, served_by: brings their car to the workshop;
                                   -- they bring its car
                                   -- former_owner, later_owner: had a car before them; after them
    evidence TEXT NOT NULL,        -- steward: accepted as such
                                   -- household, number, visits, sale
    since TEXT,                    -- first visit, or day of the sale; empty: not known
    times INTEGER NOT NULL,        -- numbers, visits or cars that say so
    PRIMARY KEY (golden_id, other_golden_id, type)
) WITHOUT ROWID;

-- Of a person and an organisation it is clear who works for whom.
INSERT INTO relation
SELECT d.golden_id, d.other_golden_id,
       CASE WHEN d.type <> 'employer' THEN d.type
            WHEN c.type = 'organisation' THEN 'employer' ELSE 'employee' END,
       'steward', NULL, 1
FROM relation_decision d
CROSS JOIN each_customer c ON c.golden_id = d.golden_id
WHERE d.holds;

INSERT OR IGNORE INTO relation
SELECT m.golden_id, o.golden_id, 'household', 'household', NULL, 1
FROM each_household m
CROSS JOIN household o ON o.household_id = m.household_id
WHERE o.golden_id <> m.golden_id;

-- A person who has an organisation's number works there, unless a steward knows better.
INSERT OR IGNORE INTO relation
SELECT p.golden_id, q.golden_id,
       CASE c.type WHEN 'organisation' THEN 'employer' ELSE 'employee' END, 'number', NULL, count(*)
FROM each_contact_point_by_golden_id p
CROSS JOIN contact_point q ON q.value = p.value AND q.channel = p.channel
CROSS JOIN customer c ON c.golden_id = p.golden_id
CROSS JOIN customer o ON o.golden_id = q.golden_id
WHERE p.shared_by > 1 AND p.quality <> 'shared' AND p.channel <> 'email'
  AND q.golden_id <> p.golden_id
  AND (c.type = 'organisation' AND o.type = 'person' OR c.type = 'person' AND o.type = 'organisation')
  AND NOT EXISTS (SELECT 1 FROM relation_decision d
                  WHERE d.golden_id = p.golden_id AND d.other_golden_id = q.golden_id
                    AND d.type = 'employer' AND NOT d.holds)
GROUP BY p.golden_id, q.golden_id;

-- Who brought a car, and whose it was when they first did.
CREATE TEMP TABLE brought (
    golden_id TEXT NOT NULL,
    owner_golden_id TEXT NOT NULL,
    role TEXT NOT NULL,
    since TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (golden_id, owner_golden_id, role)
) WITHOUT ROWID;

-- Those who bring and those whose car it is are both asked for: a night knows either.
CREATE TEMP TABLE brought_car (vin TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT OR IGNORE INTO brought_car
SELECT vin FROM each_vehicle_role_by_golden_id WHERE role IN ('service_contact', 'driver')
UNION
SELECT o.vin
FROM each_ownership_by_golden_id o
CROSS JOIN vehicle_role r ON r.vin = o.vin
WHERE o.vin IS NOT NULL AND r.role IN ('service_contact', 'driver');

INSERT INTO brought
SELECT r.golden_id, o.golden_id, r.role, min(r.from_date), sum(r.times)
FROM brought_car b
CROSS JOIN vehicle_role r ON r.vin = b.vin AND r.role IN ('service_contact', 'driver')
CROSS JOIN ownership o ON o.vin = r.vin AND o.golden_id <> r.golden_id
CROSS JOIN customer c ON c.golden_id = o.golden_id
WHERE coalesce(o.from_date <= r.to_date, 1) AND coalesce(o.to_date > r.from_date, 1)
  AND (r.role = 'driver') = (c.type IS 'organisation')
GROUP BY r.golden_id, o.golden_id, r.role;

INSERT OR IGNORE INTO relation
SELECT b.golden_id, b.owner_golden_id, b.role, 'visits', b.since, b.times
FROM brought b
CROSS JOIN each_customer c ON c.golden_id = b.golden_id
UNION ALL
SELECT b.owner_golden_id, b.golden_id,
       CASE b.role WHEN 'driver' THEN 'driven_by' ELSE 'served_by' END, 'visits', b.since, b.times
FROM brought b
CROSS JOIN each_customer c ON c.golden_id = b.owner_golden_id;

DROP TABLE brought_car;
DROP TABLE brought;

INSERT OR IGNORE INTO relation
SELECT h.from_golden_id, h.to_golden_id, 'former_owner', 'sale', min(h.changed_on), count(*)
FROM owner_change h
CROSS JOIN each_customer c ON c.golden_id = h.from_golden_id
GROUP BY 1, 2
UNION ALL
SELECT h.to_golden_id, h.from_golden_id, 'later_owner', 'sale', min(h.changed_on), count(*)
FROM owner_change h
CROSS JOIN each_customer c ON c.golden_id = h.to_golden_id
GROUP BY 1, 2;
