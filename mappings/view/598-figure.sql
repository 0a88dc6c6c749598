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
SELECT now, now - (SELECT value FROM parameter WHERE name = 'figure_months') + 1 AS first
FROM (SELECT 12 * substr(value, 1, 4) + substr(value, 6, 2) AS now
      FROM parameter WHERE name = 'as_of');

CREATE TEMP TABLE figure_step (
    formula TEXT NOT NULL,
    seller INTEGER NOT NULL,
    month INTEGER NOT NULL, -- from then on the counts are so many more
    numerator INTEGER NOT NULL,
    denominator INTEGER NOT NULL
);

-- What was bought, with its brand (the maker that the VIN tells, where no record names one).
CREATE TEMP TABLE bought (
    vin TEXT NOT NULL,
    golden_id TEXT NOT NULL,
    ownership_id INTEGER NOT NULL,
    brand TEXT,
    dealer TEXT,
    bought_on TEXT NOT NULL,
    month INTEGER NOT NULL,
    PRIMARY KEY (vin, golden_id, ownership_id)
) WITHOUT ROWID;

INSERT INTO bought
SELECT o.vin, o.golden_id, o.ownership_id, coalesce(v.brand, v.maker), o.dealer, o.from_date,
       12 * substr(o.from_date, 1, 4) + substr(o.from_date, 6, 2)
FROM ownership o
CROSS JOIN vehicle v ON v.vin = o.vin
WHERE o.vin IS NOT NULL AND o.from_date <= (SELECT as_of FROM bound)
ORDER BY o.vin, o.golden_id, o.ownership_id;

-- Who is counted by: steps have the number.
CREATE TEMP TABLE seller (seller INTEGER PRIMARY KEY, brand TEXT, dealer TEXT);

INSERT INTO seller (brand, dealer)
SELECT brand, dealer FROM bought UNION SELECT brand, dealer FROM demand ORDER BY 1, 2;

CREATE INDEX seller_name ON seller (brand, dealer);

-- Each car's first sale, in the order of the cars.
CREATE TEMP TABLE sold_car (
    car INTEGER PRIMARY KEY,
    vin TEXT NOT NULL,
    seller INTEGER NOT NULL,
    sold_on TEXT NOT NULL,
    month INTEGER NOT NULL
);

INSERT INTO sold_car (vin, seller, sold_on, month)
SELECT b.vin, s.seller, b.sold_on, b.month
FROM (SELECT vin, brand, dealer, min(bought_on) AS sold_on, month FROM bought GROUP BY vin) b
CROSS JOIN seller s ON s.brand IS b.brand AND s.dealer IS b.dealer
ORDER BY b.vin;

-- A car is in the park from its sale on for park_years.
INSERT INTO figure_step
SELECT 'retention_12m', seller, month, 0, 1 FROM sold_car
UNION ALL
SELECT 'retention_12m', seller,
       month + 12 * (SELECT value FROM parameter WHERE name = 'park_years'), 0, -1
FROM sold_car
WHERE month + 12 * (SELECT value FROM parameter WHERE name = 'park_years')
      <= (SELECT now FROM figure_bound);

-- Visits to a car while it is in the park, in the order of cars and days: the number beside one is
-- the visit before or after it.
CREATE TEMP TABLE park_visit (
    n INTEGER PRIMARY KEY,
    car INTEGER NOT NULL,
    month INTEGER NOT NULL
);

INSERT INTO park_visit (car, month)
SELECT car, month
FROM (SELECT s.car, s.month AS sold, 12 * substr(e.date, 1, 4) + substr(e.date, 6, 2) AS month
      FROM sold_car s
      CROSS JOIN event e ON e.vin = s.vin AND e.type = 'service'
      WHERE e.date <= (SELECT as_of FROM bound)
        AND e.date >= (SELECT date(as_of, 'start of month', '-' ||
                                   ((SELECT value FROM parameter WHERE name = 'figure_months') + 11)
                                   || ' months') FROM bound)
      ORDER BY s.car, e.date
      LIMIT -1)
WHERE month >= sold
  AND month < sold + 12 * (SELECT value FROM parameter WHERE name = 'park_years');

-- A month with a visit counts for itself and the eleven after it, up to the next with one.
INSERT INTO figure_step
SELECT 'retention_12m', s.seller, v.month, 1, 0
FROM park_visit v
CROSS JOIN sold_car s ON s.car = v.car
WHERE NOT EXISTS (SELECT 1 FROM park_visit b
                  WHERE b.n = v.n - 1 AND b.car = v.car AND b.month >= v.month - 11)
UNION ALL
SELECT 'retention_12m', s.seller,
       min(v.month + 12,
           s.month + 12 * (SELECT value FROM parameter WHERE name = 'park_years')), -1, 0
FROM park_visit v
CROSS JOIN sold_car s ON s.car = v.car
WHERE NOT EXISTS (SELECT 1 FROM park_visit a
                  WHERE a.n = v.n + 1 AND a.car = v.car AND a.month <= v.month + 11);

-- A sale counts from the twelfth month after it on for twelve months.
CREATE TEMP TABLE sale_served AS
SELECT s.seller, s.month + 12 AS month,
       EXISTS (SELECT 1 FROM event e
               WHERE e.vin = s.vin AND e.type = 'service' AND e.date > s.sold_on
                 AND e.date <= date(s.sold_on, '+12 months')) AS served
FROM sold_car s
WHERE s.month + 23 >= (SELECT first FROM figure_bound) AND s.month + 12 <= (SELECT now FROM figure_bound);

INSERT INTO figure_step
SELECT 'sales_to_service_12m', seller, month, served, 1 FROM sale_served
UNION ALL
SELECT 'sales_to_service_12m', seller, month + 12, -served, -1 FROM sale_served;

-- Purchases by households, in their order.
CREATE TEMP TABLE purchase (
    household_id TEXT NOT NULL,
    bought_on TEXT NOT NULL,
    vin TEXT NOT NULL,
    ownership_id INTEGER NOT NULL,
    brand TEXT NOT NULL,
    dealer TEXT,
    month INTEGER NOT NULL,
    PRIMARY KEY (household_id, bought_on, vin, ownership_id)
) WITHOUT ROWID;

INSERT INTO purchase
SELECT coalesce(h.household_id, b.golden_id), b.bought_on, b.vin, b.ownership_id, b.brand, b.dealer,
       b.month
FROM bought b
LEFT JOIN household h ON h.golden_id = b.golden_id
WHERE b.brand IS NOT NULL
ORDER BY 1, 2, 3, 4;

-- Those of the months that count, and what the household had bought before.
CREATE TEMP TABLE late_purchase AS
SELECT p.brand, p.dealer, p.month,
       (SELECT b.brand FROM purchase b
        WHERE b.household_id = p.household_id
          AND (b.bought_on, b.vin, b.ownership_id) < (p.bought_on, p.vin, p.ownership_id)
        ORDER BY b.bought_on DESC, b.vin DESC, b.ownership_id DESC LIMIT 1) AS brand_before,
       NOT EXISTS (SELECT 1 FROM purchase b
                   WHERE b.household_id = p.household_id AND b.brand = p.brand
                     AND (b.bought_on, b.vin, b.ownership_id)
                         < (p.bought_on, p.vin, p.ownership_id)) AS first_of_brand
FROM purchase p
WHERE p.month + 11 >= (SELECT first FROM figure_bound);

INSERT INTO figure_step
SELECT f.formula, s.seller, f.month + e.ended * 12, f.n * (1 - 2 * e.ended), 1 - 2 * e.ended
FROM (
    SELECT 'loyalty_brand' AS formula, brand, dealer, month, brand = brand_before AS n
    FROM late_purchase WHERE brand_before IS NOT NULL
    UNION ALL
    SELECT 'conquest_brand', brand, dealer, month, first_of_brand FROM late_purchase
    UNION ALL
    SELECT 'referral', brand, dealer, 12 * substr(requested_at, 1, 4) + substr(requested_at, 6, 2),
           referrer_golden_id IS NOT NULL
    FROM demand
    WHERE duplicate_of IS NULL AND requested_at IS NOT NULL
) f
CROSS JOIN seller s ON s.brand IS f.brand AND s.dealer IS f.dealer
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
SELECT c.formula, s.brand, s.dealer, c.month, c.numerator, c.denominator
FROM (SELECT seller, max(month, (SELECT first FROM figure_bound)) AS month, formula,
             sum(numerator) AS numerator, sum(denominator) AS denominator
      FROM figure_step
      WHERE month <= (SELECT now FROM figure_bound)
      GROUP BY 1, 2, 3) c
CROSS JOIN seller s ON s.seller = c.seller;

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

CREATE TEMP TABLE served_year (car INTEGER NOT NULL, year INTEGER NOT NULL, PRIMARY KEY (car, year))
WITHOUT ROWID;

INSERT OR IGNORE INTO served_year
SELECT s.car, substr(e.date, 1, 4) - substr(s.sold_on, 1, 4)
              + (substr(e.date, 6) > substr(s.sold_on, 6))
FROM sold_car s
CROSS JOIN event e ON e.vin = s.vin AND e.date > s.sold_on AND e.type = 'service'
WHERE s.sold_on >= (SELECT date(as_of, 'start of year', '-' ||
                                (SELECT value FROM parameter WHERE name = 'cohort_years') || ' years')
                    FROM bound)
  AND e.date <= (SELECT as_of FROM bound);

INSERT INTO retention_cohort
WITH RECURSIVE years (year) AS (
    SELECT 1 UNION ALL
    SELECT year + 1 FROM years
    WHERE year < (SELECT value FROM parameter WHERE name = 'cohort_years')
)
SELECT sold_in, year, cars, served, round(1.0 * served / cars, 4)
FROM (
    SELECT CAST(substr(s.sold_on, 1, 4) AS INTEGER) AS sold_in, y.year, count(*) AS cars,
           count(v.car) AS served
    FROM sold_car s
    CROSS JOIN years y
    LEFT JOIN served_year v ON v.car = s.car AND v.year = y.year
    WHERE s.sold_on >= (SELECT date(as_of, 'start of year', '-' ||
                                    (SELECT value FROM parameter WHERE name = 'cohort_years')
                                    || ' years') FROM bound)
      AND (substr(s.sold_on, 1, 4) + y.year) || substr(s.sold_on, 5) <= (SELECT as_of FROM bound)
    GROUP BY 1, 2
)
ORDER BY 1, 2;

DROP TABLE served_year;
DROP TABLE figure_cell;
DROP TABLE figure_sum;
DROP TABLE late_purchase;
DROP TABLE purchase;
DROP TABLE sale_served;
DROP TABLE park_visit;
DROP TABLE sold_car;
DROP TABLE seller;
DROP TABLE bought;
DROP TABLE figure_step;
DROP TABLE figure_bound;
