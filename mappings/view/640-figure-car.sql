-- What management's figures (730-figure.sql) count of cars, by who sold them first.
CREATE TABLE work_figure_car (
    formula TEXT NOT NULL,
    brand TEXT,             -- the maker that the VIN tells, where no record names a brand
    dealer TEXT,
    month INTEGER NOT NULL, -- 12 * year + month
    numerator INTEGER NOT NULL,
    denominator INTEGER NOT NULL
);

CREATE TEMP TABLE car_bound AS
SELECT as_of, now, first,
       date(as_of, 'start of year', '-' || (SELECT value FROM parameter WHERE name = 'cohort_years')
                                        || ' years') AS cohort_from
FROM (SELECT value AS as_of, month_number(value) AS now,
             month_number(value) - (SELECT value FROM parameter WHERE name = 'figure_months') + 1
                 AS first
      FROM parameter WHERE name = 'as_of');

-- A brand and a dealer are one number: 1000000 * the brand's + the dealer's; 0 is none.
CREATE TEMP TABLE seller_name (n INTEGER PRIMARY KEY, name TEXT NOT NULL);

INSERT INTO seller_name (name)
SELECT name
FROM (SELECT DISTINCT coalesce(brand, maker) AS name FROM vehicle
      UNION SELECT DISTINCT seller FROM vehicle)
WHERE name IS NOT NULL
ORDER BY name;

CREATE UNIQUE INDEX seller_name_name ON seller_name (name);

CREATE TEMP TABLE sold_car (
    seller INTEGER NOT NULL,
    month INTEGER NOT NULL, -- of the sale
    years INTEGER,          -- of a cohort: that are over
    served_years INTEGER NOT NULL,
    kept INTEGER NOT NULL   -- bit n: it had a visit in the twelve months to n months ago
);

-- The bit of a month with a visit is put into the eleven after it too, by moving it on by 1, 2, 4 and
-- 4 again. LIMIT -1 keeps SQLite from reckoning a column anew wherever it is used.
INSERT INTO sold_car
SELECT seller, month, years, served_years,
       (eight | (eight >> 4)) & ((1 << (SELECT now - first + 1 FROM car_bound)) - 1)
FROM (
    SELECT *, four | (four >> 4) AS eight
    FROM (
        SELECT *, two | (two >> 2) AS four
        FROM (
            SELECT *, visited | (visited >> 1) AS two
            FROM (
                SELECT c.seller, c.month, c.years, c.served_years,
                       -- What came before the sale does not count.
                       CASE WHEN b.now - c.month < 62
                            THEN c.visit_months & ((1 << (b.now - c.month + 1)) - 1)
                            ELSE c.visit_months END AS visited
                FROM (
                    SELECT 1000000 * coalesce(b.n, 0) + coalesce(d.n, 0) AS seller,
                           month_number(s.first_sold_on) AS month, s.served_years, s.visit_months,
                           CASE WHEN s.first_sold_on >= t.cohort_from THEN
                               substr(t.as_of, 1, 4) - substr(s.first_sold_on, 1, 4)
                               - (substr(t.as_of, 6) < substr(s.first_sold_on, 6)) END AS years
                    FROM car_bound t
                    CROSS JOIN vehicle_status s
                    CROSS JOIN vehicle v ON v.vin = s.vin
                    LEFT JOIN seller_name b ON b.name = coalesce(v.brand, v.maker)
                    LEFT JOIN seller_name d ON d.name = v.seller
                    WHERE s.first_sold_on <= t.as_of
                    LIMIT -1
                ) c
                CROSS JOIN car_bound b
                LIMIT -1
            )
            LIMIT -1
        )
        LIMIT -1
    )
    LIMIT -1
);

-- Retention: a car is in the park from its sale on for park_years, and counts in each month that has a
-- visit or whose eleven months before have one.
INSERT INTO work_figure_car
WITH RECURSIVE months (month, ago) AS (
    SELECT now, 0 FROM car_bound
    UNION ALL
    SELECT month - 1, ago + 1 FROM months WHERE month > (SELECT first FROM car_bound)
)
SELECT 'retention_12m', b.name, d.name, f.month, f.numerator, f.denominator
FROM (
    SELECT c.seller, m.month, sum(c.cars * (c.kept >> m.ago & 1)) AS numerator,
           sum(c.cars) AS denominator
    FROM (SELECT seller, max(month, (SELECT first FROM car_bound)) AS since,
                 min(month + 12 * (SELECT value FROM parameter WHERE name = 'park_years'),
                     (SELECT now FROM car_bound) + 1) AS until,
                 kept, count(*) AS cars
          FROM sold_car
          GROUP BY 1, 2, 3, 4) c
    CROSS JOIN months m ON m.month >= c.since AND m.month < c.until
    GROUP BY c.seller, m.month
) f
LEFT JOIN seller_name b ON b.n = f.seller / 1000000
LEFT JOIN seller_name d ON d.n = f.seller % 1000000;

-- A sale, and whether it was served within a year, counts from the twelfth month after it on for
-- twelve months: here is where it begins.
INSERT INTO work_figure_car
SELECT 'sales_to_service_12m', b.name, d.name, f.month, f.served, f.sold
FROM (
    SELECT seller, month + 12 AS month, count(*) AS sold, sum(served_years & 1) AS served
    FROM sold_car
    WHERE month + 23 >= (SELECT first FROM car_bound) AND month + 12 <= (SELECT now FROM car_bound)
    GROUP BY 1, 2
) f
LEFT JOIN seller_name b ON b.n = f.seller / 1000000
LEFT JOIN seller_name d ON d.n = f.seller % 1000000;

-- Retention by cohort: of the cars sold in a year, those that were in a workshop of the group in the
-- first, second … year after their sale (the years that are over).
CREATE TABLE retention_cohort (
    sold_in INTEGER NOT NULL,   -- year
    year INTEGER NOT NULL,      -- 1: the first after the sale
    cars INTEGER NOT NULL,      -- whose year is over
    served INTEGER NOT NULL,    -- of these: were in a workshop in that year
    share REAL NOT NULL,        -- served over cars, 0 to 1
    PRIMARY KEY (sold_in, year)
) WITHOUT ROWID;

INSERT INTO retention_cohort
WITH RECURSIVE years (year) AS (
    SELECT 1 UNION ALL
    SELECT year + 1 FROM years
    WHERE year < (SELECT value FROM parameter WHERE name = 'cohort_years')
)
SELECT c.sold_in, y.year, sum(c.cars), sum(c.cars * (c.served_years >> (y.year - 1) & 1)),
       round(1.0 * sum(c.cars * (c.served_years >> (y.year - 1) & 1)) / sum(c.cars), 4)
FROM (SELECT (month - 1) / 12 AS sold_in, years, served_years, count(*) AS cars
      FROM sold_car
      WHERE years > 0
      GROUP BY 1, 2, 3) c
CROSS JOIN years y ON y.year <= c.years
GROUP BY c.sold_in, y.year
ORDER BY 1, 2;

DROP TABLE sold_car;
DROP TABLE seller_name;
DROP TABLE car_bound;
