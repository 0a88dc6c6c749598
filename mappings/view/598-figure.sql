-- Management's figures by month, for the last figure_months: of the group, of each brand, of each
-- dealer. A share is numerator over denominator, and both are there.
CREATE TABLE figure_month (
    formula TEXT NOT NULL,    -- retention_12m: cars sold by the group up to the month and not older
                              --   than park_years, and of them those that were in a workshop of the
                              --   group in the 12 months up to its end
                              -- sales_to_service_12m: cars sold in the 12 months up to a year before
                              --   the month's end, and of them those that were in a workshop of the
                              --   group within 12 months after the sale
                              -- loyalty_brand: purchases in the 12 months by households that had bought
                              --   a car before, and of them those of the brand of the one before
                              -- conquest_brand: purchases in the 12 months, and of them those by
                              --   households without an earlier car of the brand
                              -- referral: requests in the 12 months, and of them recommended ones
    scope TEXT NOT NULL,      -- group, brand, dealer (who sold the car; of a request: who was asked)
    name TEXT NOT NULL,
    month TEXT NOT NULL,      -- YYYY-MM, to its end; the running month to the day of the run
    numerator INTEGER NOT NULL,
    denominator INTEGER NOT NULL,
    share REAL NOT NULL,
    PRIMARY KEY (formula, scope, name, month)
) WITHOUT ROWID;

-- Months are numbered: 12 * year + month.
CREATE TEMP TABLE figure_bound AS
SELECT as_of, now, first, printf('%04d-%02d-01', (first - 12) / 12, (first - 12) % 12 + 1) AS late_from,
       date(as_of, 'start of year', '-' || (SELECT value FROM parameter WHERE name = 'cohort_years')
                                        || ' years') AS cohort_from
FROM (SELECT value AS as_of, month_number(value) AS now,
             month_number(value) - (SELECT value FROM parameter WHERE name = 'figure_months') + 1
                 AS first
      FROM parameter WHERE name = 'as_of');

CREATE TEMP TABLE figure_step (
    formula TEXT NOT NULL,
    seller INTEGER NOT NULL,
    month INTEGER NOT NULL, -- from then on the counts are so many more
    numerator INTEGER NOT NULL,
    denominator INTEGER NOT NULL
);

-- Who is counted by, a brand and a dealer, is one number: 1000000 * the brand's + the dealer's; 0 is
-- none.
CREATE TEMP TABLE seller_name (n INTEGER PRIMARY KEY, name TEXT NOT NULL);

INSERT INTO seller_name (name)
SELECT DISTINCT name
FROM (SELECT DISTINCT coalesce(brand, maker) AS name FROM vehicle
      UNION ALL SELECT dealer FROM dealer
      UNION ALL SELECT DISTINCT brand FROM demand
      UNION ALL SELECT DISTINCT dealer FROM demand)
WHERE name IS NOT NULL
ORDER BY name;

CREATE UNIQUE INDEX seller_name_name ON seller_name (name);

-- Each car's first sale, in the order of the cars: of two dealers on one day the one whose name comes
-- first. The brand is the maker that the VIN tells, where no record names one.
CREATE TEMP TABLE sold_car (
    car INTEGER PRIMARY KEY,
    vin TEXT NOT NULL,
    seller INTEGER NOT NULL,
    sold_on TEXT NOT NULL,
    month INTEGER NOT NULL,
    years INTEGER           -- of a cohort: that are over
);

INSERT INTO sold_car (vin, seller, sold_on, month, years)
SELECT vin, seller, sold_on, month_number(sold_on),
       CASE WHEN sold_on >= (SELECT cohort_from FROM figure_bound) THEN
           substr((SELECT as_of FROM figure_bound), 1, 4) - substr(sold_on, 1, 4)
           - (substr((SELECT as_of FROM figure_bound), 6) < substr(sold_on, 6)) END
FROM (
    SELECT c.vin, substr(c.sold, 1, 10) AS sold_on,
           1000000 * coalesce(b.n, 0) + coalesce(d.n, 0) AS seller
    FROM (SELECT v.vin, coalesce(v.brand, v.maker) AS brand, min(o.from_date || o.dealer) AS sold
          FROM vehicle v
          CROSS JOIN ownership o ON o.vin = v.vin
          WHERE o.from_date <= (SELECT as_of FROM figure_bound)
          GROUP BY v.vin) c
    LEFT JOIN seller_name b ON b.name = c.brand
    LEFT JOIN seller_name d ON d.name = substr(c.sold, 11)
    LIMIT -1
);

-- A car is in the park from its sale on for park_years.
INSERT INTO figure_step
SELECT 'retention_12m', seller, month, 0, count(*) FROM sold_car GROUP BY seller, month
UNION ALL
SELECT 'retention_12m', seller,
       month + 12 * (SELECT value FROM parameter WHERE name = 'park_years'), 0, -count(*)
FROM sold_car
WHERE month + 12 * (SELECT value FROM parameter WHERE name = 'park_years')
      <= (SELECT now FROM figure_bound)
GROUP BY seller, month;

-- Visits that count, in the order of cars and days: the number beside one is the visit before or
-- after it. Of cars of the cohorts and of those sold a short while ago all since the sale, of others
-- those that the months look back to.
CREATE TEMP TABLE car_service (
    n INTEGER PRIMARY KEY,
    car INTEGER NOT NULL,
    month INTEGER NOT NULL,
    year INTEGER NOT NULL  -- since the sale: 1 is the first; 0: on the day, or in its month before
);

INSERT INTO car_service (car, month, year)
SELECT s.car, month_number(e.date),
       CASE WHEN e.date > s.sold_on THEN years_begun(s.sold_on, e.date) ELSE 0 END
FROM sold_car s
CROSS JOIN event e ON e.vin = s.vin
WHERE e.type = 'service' AND e.date <= (SELECT as_of FROM figure_bound)
  AND e.date >= CASE WHEN s.years IS NOT NULL OR s.month + 23 >= (SELECT first FROM figure_bound)
                     THEN substr(s.sold_on, 1, 7)
                     ELSE (SELECT late_from FROM figure_bound) END
ORDER BY s.car, e.date;

-- A month with a visit counts for itself and the eleven after it, up to the next with one.
INSERT INTO figure_step
SELECT 'retention_12m', s.seller, v.month, count(*), 0
FROM car_service v
CROSS JOIN sold_car s ON s.car = v.car
LEFT JOIN car_service b ON b.n = v.n - 1 AND b.car = v.car AND b.month >= v.month - 11
WHERE b.n IS NULL AND v.month < s.month + 12 * (SELECT value FROM parameter WHERE name = 'park_years')
GROUP BY 2, 3
UNION ALL
SELECT 'retention_12m', s.seller,
       min(v.month + 12,
           s.month + 12 * (SELECT value FROM parameter WHERE name = 'park_years')), -count(*), 0
FROM car_service v
CROSS JOIN sold_car s ON s.car = v.car
LEFT JOIN car_service a ON a.n = v.n + 1 AND a.car = v.car AND a.month <= v.month + 11
    AND a.month < s.month + 12 * (SELECT value FROM parameter WHERE name = 'park_years')
WHERE a.n IS NULL AND v.month < s.month + 12 * (SELECT value FROM parameter WHERE name = 'park_years')
GROUP BY 2, 3;

-- A car's first visit in each year since its sale.
CREATE TEMP TABLE served_year (car INTEGER NOT NULL, year INTEGER NOT NULL, PRIMARY KEY (car, year))
WITHOUT ROWID;

INSERT INTO served_year
SELECT v.car, v.year
FROM car_service v
LEFT JOIN car_service b ON b.n = v.n - 1 AND b.car = v.car AND b.year = v.year
WHERE v.year > 0 AND b.n IS NULL;

-- A sale counts from the twelfth month after it on for twelve months.
CREATE TEMP TABLE sale_served AS
SELECT s.seller, s.month + 12 AS month, count(*) AS sold, count(v.car) AS served
FROM sold_car s
LEFT JOIN served_year v ON v.car = s.car AND v.year = 1
WHERE s.month + 23 >= (SELECT first FROM figure_bound) AND s.month + 12 <= (SELECT now FROM figure_bound)
GROUP BY 1, 2;

INSERT INTO figure_step
SELECT 'sales_to_service_12m', seller, month, served, sold FROM sale_served
UNION ALL
SELECT 'sales_to_service_12m', seller, month + 12, -served, -sold FROM sale_served;

-- The households that have bought in the months that count.
CREATE TEMP TABLE buyer (household_id TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT OR IGNORE INTO buyer
SELECT coalesce(h.household_id, o.golden_id)
FROM ownership o
LEFT JOIN household h ON h.golden_id = o.golden_id
WHERE o.vin IS NOT NULL AND o.from_date >= (SELECT late_from FROM figure_bound)
  AND o.from_date <= (SELECT as_of FROM figure_bound);

-- All that they have ever bought, in its order.
CREATE TEMP TABLE purchase (
    household_id TEXT NOT NULL,
    bought_on TEXT NOT NULL,
    vin TEXT NOT NULL,
    ownership_id INTEGER NOT NULL,
    brand TEXT NOT NULL,
    dealer TEXT,
    PRIMARY KEY (household_id, bought_on, vin, ownership_id)
) WITHOUT ROWID;

INSERT INTO purchase
SELECT m.household_id, o.from_date, o.vin, o.ownership_id, coalesce(v.brand, v.maker), o.dealer
FROM (SELECT b.household_id, h.golden_id
      FROM buyer b CROSS JOIN household h ON h.household_id = b.household_id
      UNION ALL
      SELECT household_id, household_id
      FROM buyer b
      WHERE NOT EXISTS (SELECT 1 FROM household h WHERE h.golden_id = b.household_id)) m
CROSS JOIN ownership o ON o.golden_id = m.golden_id
CROSS JOIN vehicle v ON v.vin = o.vin
WHERE o.from_date <= (SELECT as_of FROM figure_bound) AND coalesce(v.brand, v.maker) IS NOT NULL;

-- Those of the months that count, and what the household had bought before.
CREATE TEMP TABLE late_purchase AS
SELECT p.brand, p.dealer, month_number(p.bought_on) AS month,
       (SELECT b.brand FROM purchase b
        WHERE b.household_id = p.household_id
          AND (b.bought_on, b.vin, b.ownership_id) < (p.bought_on, p.vin, p.ownership_id)
        ORDER BY b.bought_on DESC, b.vin DESC, b.ownership_id DESC LIMIT 1) AS brand_before,
       NOT EXISTS (SELECT 1 FROM purchase b
                   WHERE b.household_id = p.household_id AND b.brand = p.brand
                     AND (b.bought_on, b.vin, b.ownership_id)
                         < (p.bought_on, p.vin, p.ownership_id)) AS first_of_brand
FROM purchase p
WHERE p.bought_on >= (SELECT late_from FROM figure_bound);

INSERT INTO figure_step
SELECT f.formula, 1000000 * coalesce(b.n, 0) + coalesce(d.n, 0), f.month + e.ended * 12,
       f.n * (1 - 2 * e.ended), 1 - 2 * e.ended
FROM (
    SELECT 'loyalty_brand' AS formula, brand, dealer, month, brand = brand_before AS n
    FROM late_purchase WHERE brand_before IS NOT NULL
    UNION ALL
    SELECT 'conquest_brand', brand, dealer, month, first_of_brand FROM late_purchase
    UNION ALL
    SELECT 'referral', brand, dealer, month_number(requested_at), referrer_golden_id IS NOT NULL
    FROM demand
    WHERE duplicate_of IS NULL AND requested_at IS NOT NULL
) f
LEFT JOIN seller_name b ON b.name = f.brand
LEFT JOIN seller_name d ON d.name = f.dealer
CROSS JOIN (SELECT 0 AS ended UNION ALL SELECT 1) e
WHERE f.month + 11 >= (SELECT first FROM figure_bound);

-- What came before the first month is its start.
CREATE TEMP TABLE figure_sum (
    formula TEXT NOT NULL,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    month INTEGER NOT NULL,
    numerator INTEGER NOT NULL,
    denominator INTEGER NOT NULL,
    PRIMARY KEY (formula, scope, name, month)
) WITHOUT ROWID;

CREATE TEMP TABLE figure_cell AS
SELECT c.formula, b.name AS brand, d.name AS dealer, c.month, c.numerator, c.denominator
FROM (SELECT seller, max(month, (SELECT first FROM figure_bound)) AS month, formula,
             sum(numerator) AS numerator, sum(denominator) AS denominator
      FROM figure_step
      WHERE month <= (SELECT now FROM figure_bound)
      GROUP BY 1, 2, 3) c
LEFT JOIN seller_name b ON b.n = c.seller / 1000000
LEFT JOIN seller_name d ON d.n = c.seller % 1000000;

INSERT INTO figure_sum
SELECT formula, 'group', 'all', month, sum(numerator), sum(denominator)
FROM figure_cell GROUP BY 1, 4
UNION ALL
SELECT formula, 'brand', brand, month, sum(numerator), sum(denominator)
FROM figure_cell WHERE brand IS NOT NULL GROUP BY 1, 3, 4
UNION ALL
SELECT formula, 'dealer', dealer, month, sum(numerator), sum(denominator)
FROM figure_cell WHERE dealer IS NOT NULL GROUP BY 1, 3, 4;

INSERT INTO figure_month
WITH RECURSIVE months (month) AS (
    SELECT first FROM figure_bound
    UNION ALL
    SELECT month + 1 FROM months WHERE month < (SELECT now FROM figure_bound)
)
SELECT formula, scope, name, printf('%04d-%02d', (month - 1) / 12, (month - 1) % 12 + 1), n, d,
       round(1.0 * n / d, 4)
FROM (
    SELECT k.formula, k.scope, k.name, m.month,
           sum(s.numerator) OVER w AS n, sum(s.denominator) OVER w AS d
    FROM (SELECT DISTINCT formula, scope, name FROM figure_sum) k
    CROSS JOIN months m
    LEFT JOIN figure_sum s ON s.formula = k.formula AND s.scope = k.scope AND s.name = k.name
                          AND s.month = m.month
    WINDOW w AS (PARTITION BY k.formula, k.scope, k.name ORDER BY m.month)
)
WHERE d > 0
ORDER BY 1, 2, 3, 4;

-- Retention by cohort: of the cars sold in a year, those that were in a workshop of the group in the
-- first, second … year after their sale (the years that are over).
CREATE TABLE retention_cohort (
    sold_in INTEGER NOT NULL,   -- year
    year INTEGER NOT NULL,      -- 1: the first after the sale
    cars INTEGER NOT NULL,      -- whose year is over
    served INTEGER NOT NULL,
    share REAL NOT NULL,
    PRIMARY KEY (sold_in, year)
) WITHOUT ROWID;

INSERT INTO retention_cohort
WITH RECURSIVE
    years (year) AS (
        SELECT 1 UNION ALL
        SELECT year + 1 FROM years
        WHERE year < (SELECT value FROM parameter WHERE name = 'cohort_years')
    ),
    sold AS (
        SELECT CAST(substr(sold_on, 1, 4) AS INTEGER) AS sold_in, years, count(*) AS cars
        FROM sold_car WHERE years > 0
        GROUP BY 1, 2
    ),
    visited AS (
        SELECT CAST(substr(s.sold_on, 1, 4) AS INTEGER) AS sold_in, v.year, count(*) AS served
        FROM served_year v
        CROSS JOIN sold_car s ON s.car = v.car
        WHERE v.year <= s.years
        GROUP BY 1, 2
    )
SELECT c.sold_in, c.year, c.cars, coalesce(v.served, 0), round(1.0 * coalesce(v.served, 0) / c.cars, 4)
FROM (SELECT s.sold_in, y.year, sum(s.cars) AS cars
      FROM sold s CROSS JOIN years y ON y.year <= s.years
      GROUP BY 1, 2) c
LEFT JOIN visited v ON v.sold_in = c.sold_in AND v.year = c.year
ORDER BY 1, 2;

DROP TABLE figure_cell;
DROP TABLE figure_sum;
DROP TABLE late_purchase;
DROP TABLE purchase;
DROP TABLE buyer;
DROP TABLE sale_served;
DROP TABLE served_year;
DROP TABLE car_service;
DROP TABLE sold_car;
DROP TABLE seller_name;
DROP TABLE figure_step;
DROP TABLE figure_bound;
