-- Fleet customers: organisations with fleet_cars cars or more, what they bring in and how they pay.
CREATE TABLE fleet (
    golden_id TEXT NOT NULL PRIMARY KEY, -- the organisation
    cars INTEGER NOT NULL,             -- that it has now
    contracts INTEGER NOT NULL,        -- of finance
    overdue INTEGER NOT NULL,          -- of these: payments overdue
    credit TEXT NOT NULL,              -- A: pays; B: at most a tenth is overdue; C: more is;
                                       -- unknown: no finance contract
    contribution REAL NOT NULL,        -- margins on sales and service of the last 12 months
    contribution_before REAL NOT NULL, -- of the 12 months before
    contribution_place INTEGER NOT NULL, -- 1 contributes most
    is_strategic INTEGER NOT NULL,     -- 1: contributes strategic_contribution or more, and pays (A, B,
                                       -- unknown)
    was_strategic INTEGER NOT NULL,    -- the same, by the 12 months before
    rating TEXT NOT NULL               -- promoted, kept, demoted, none
) WITHOUT ROWID;

CREATE TEMP TABLE fleet_customer (golden_id TEXT PRIMARY KEY, cars INTEGER NOT NULL) WITHOUT ROWID;

-- The plus keeps SQLite from looking up all customers in the order of their ids, to sort a few.
INSERT INTO fleet_customer
SELECT golden_id, cars_owned FROM customer
WHERE type = 'organisation' AND cars_owned >= (SELECT value FROM parameter WHERE name = 'fleet_cars')
ORDER BY +golden_id;

INSERT INTO fleet
SELECT golden_id, cars, contracts, overdue, credit, contribution, contribution_before,
       rank() OVER (ORDER BY contribution DESC), is_strategic, was_strategic,
       CASE WHEN is_strategic AND NOT was_strategic THEN 'promoted'
            WHEN is_strategic THEN 'kept' WHEN was_strategic THEN 'demoted' ELSE 'none' END
FROM (
    SELECT *,
           contribution >= (SELECT value FROM parameter WHERE name = 'strategic_contribution')
           AND credit <> 'C' AS is_strategic,
           contribution_before >= (SELECT value FROM parameter WHERE name = 'strategic_contribution')
               AS was_strategic
    FROM (
        SELECT f.golden_id, f.cars, coalesce(k.contracts, 0) AS contracts,
               coalesce(k.overdue, 0) AS overdue,
               CASE WHEN k.contracts IS NULL THEN 'unknown' WHEN k.overdue = 0 THEN 'A'
                    WHEN k.overdue * 10 <= k.contracts THEN 'B' ELSE 'C' END AS credit,
               round(coalesce(e.contribution, 0), 2) AS contribution,
               round(coalesce(e.before, 0), 2) AS contribution_before
        FROM fleet_customer f
        LEFT JOIN (
            SELECT f.golden_id, count(*) AS contracts,
                   sum(c.status IN (SELECT value FROM parameter
                                    WHERE name = 'contract_overdue_status')) AS overdue
            FROM fleet_customer f CROSS JOIN contract c ON c.golden_id = f.golden_id
            WHERE c.type = 'finance'
            GROUP BY f.golden_id
        ) k ON k.golden_id = f.golden_id
        LEFT JOIN (
            SELECT f.golden_id,
                   sum(CASE WHEN e.date > months_after(b.as_of, -12) THEN e.amount * m.margin END)
                       AS contribution,
                   sum(CASE WHEN e.date <= months_after(b.as_of, -12) THEN e.amount * m.margin END)
                       AS before
            FROM fleet_customer f
            CROSS JOIN bound b
            CROSS JOIN (
                SELECT 'sale' AS type, value AS margin FROM parameter WHERE name = 'clv_sale_margin'
                UNION ALL
                SELECT 'service', value FROM parameter WHERE name = 'clv_service_margin'
            ) m
            CROSS JOIN event e ON e.golden_id = f.golden_id AND e.type = m.type
            WHERE e.date > months_after(b.as_of, -24) AND e.date <= b.as_of
            GROUP BY f.golden_id
        ) e ON e.golden_id = f.golden_id
    )
)
ORDER BY golden_id;

-- Who speaks for a fleet: persons who share a number with it, or bring its cars to the workshop.
CREATE TABLE fleet_contact (
    fleet_golden_id TEXT NOT NULL, -- the organisation
    golden_id TEXT NOT NULL,  -- the person
    evidence TEXT NOT NULL,   -- number, visits
    times INTEGER NOT NULL,   -- visits with its cars; numbers shared
    PRIMARY KEY (fleet_golden_id, golden_id, evidence)
) WITHOUT ROWID;

INSERT INTO fleet_contact
SELECT f.golden_id, q.golden_id, 'number', count(*)
FROM fleet_customer f
CROSS JOIN contact_point p ON p.golden_id = f.golden_id
CROSS JOIN contact_point q ON q.value = p.value AND q.channel = p.channel
CROSS JOIN customer c ON c.golden_id = q.golden_id
WHERE q.golden_id <> f.golden_id AND c.type = 'person'
GROUP BY 1, 2
UNION ALL
SELECT f.golden_id, e.golden_id, 'visits', count(*)
FROM fleet_customer f
CROSS JOIN ownership o ON o.golden_id = f.golden_id AND o.role = 'owner'
CROSS JOIN event e ON e.vin = o.vin AND e.type = 'service'
CROSS JOIN customer c ON c.golden_id = e.golden_id
WHERE e.golden_id <> f.golden_id AND c.type = 'person' AND e.date >= coalesce(o.from_date, '')
GROUP BY 1, 2
ORDER BY 1, 2, 3;

DROP TABLE fleet_customer;
