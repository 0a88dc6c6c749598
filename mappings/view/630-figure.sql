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
    brand TEXT,
    dealer TEXT,
    month INTEGER NOT NULL, -- from then on the counts are so many more
    numerator INTEGER NOT NULL,
    denominator INTEGER NOT NULL
);

-- Each car's first sale, brand (the maker that its VIN tells, where no record names one) and dealer.
CREATE TEMP TABLE sold_car (
    vin TEXT PRIMARY KEY,
    brand TEXT,
    dealer TEXT,
    sold_on TEXT NOT NULL,
    month INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO sold_car
SELECT o.vin, coalesce(v.brand, v.maker), o.dealer, min(o.from_date),
       12 * substr(o.from_date, 1, 4) + substr(o.from_date, 6, 2)
FROM ownership o
CROSS JOIN vehicle v ON v.vin = o.vin
WHERE o.vin IS NOT NULL AND o.from_date <= (SELECT as_of FROM bound)
GROUP BY o.vin;

-- A car is in the park from its sale on for park_years.
INSERT INTO figure_step
SELECT 'retention_12m', brand, dealer, month, 0, 1 FROM sold_car
UNION ALL
SELECT 'retention_12m', brand, dealer,
       month + 12 * (SELECT value FROM parameter WHERE name = 'park_years'), 0, -1
FROM sold_car;

-- A month with a visit counts for itself and the eleven after it, up to the next with one.
CREATE TEMP TABLE visit_month (
    vin TEXT NOT NULL,
    month INTEGER NOT NULL,
    PRIMARY KEY (vin, month)
) WITHOUT ROWID;

INSERT OR IGNORE INTO visit_month
SELECT vin, 12 * substr(date, 1, 4) + substr(date, 6, 2)
FROM event
WHERE type = 'service' AND vin IS NOT NULL AND date <= (SELECT as_of FROM bound)
  AND date >= date((SELECT as_of FROM bound), 'start of month', '-' ||
                   ((SELECT value FROM parameter WHERE name = 'figure_months') + 11) || ' months');

INSERT INTO figure_step
SELECT 'retention_12m', brand, dealer, month, 1, 0
FROM (SELECT s.brand, s.dealer, v.month, v.vin, s.month AS sold, lag(v.month) OVER w AS before
      FROM visit_month v CROSS JOIN sold_car s ON s.vin = v.vin AND v.month >= s.month
      WHERE v.month < s.month + 12 * (SELECT value FROM parameter WHERE name = 'park_years')
      WINDOW w AS (PARTITION BY v.vin ORDER BY v.month))
WHERE before IS NULL OR month > before + 11
UNION ALL
SELECT 'retention_12m', brand, dealer,
       min(month + 12, sold + 12 * (SELECT value FROM parameter WHERE name = 'park_years')), -1, 0
FROM (SELECT s.brand, s.dealer, v.month, v.vin, s.month AS sold, lead(v.month) OVER w AS after
      FROM visit_month v CROSS JOIN sold_car s ON s.vin = v.vin AND v.month >= s.month
      WHERE v.month < s.month + 12 * (SELECT value FROM parameter WHERE name = 'park_years')
      WINDOW w AS (PARTITION BY v.vin ORDER BY v.month))
WHERE after IS NULL OR after > month + 11;

-- A sale counts from the twelfth month after it on for twelve months.
CREATE TEMP TABLE sale_served AS
SELECT s.brand, s.dealer, s.month + 12 AS month,
       max(e.date IS NOT NULL) AS served
FROM sold_car s
LEFT JOIN event e ON e.vin = s.vin AND e.type = 'service' AND e.date > s.sold_on
                 AND e.date <= date(s.sold_on, '+12 months')
WHERE s.month + 23 >= (SELECT first FROM figure_bound) AND s.month + 12 <= (SELECT now FROM figure_bound)
GROUP BY s.vin;

INSERT INTO figure_step
SELECT 'sales_to_service_12m', brand, dealer, month, served, 1 FROM sale_served
UNION ALL
SELECT 'sales_to_service_12m', brand, dealer, month + 12, -served, -1 FROM sale_served;

-- Purchases by households, in their order.
CREATE TEMP TABLE purchase AS
SELECT brand, dealer, 12 * substr(from_date, 1, 4) + substr(from_date, 6, 2) AS month,
       lag(brand) OVER w AS brand_before, lag(from_date) OVER w AS before,
       row_number() OVER (PARTITION BY household_id, brand ORDER BY from_date, vin) AS of_brand
FROM (
    SELECT k.household_id, coalesce(v.brand, v.maker) AS brand, o.dealer, o.from_date, o.vin
    FROM ownership o
    CROSS JOIN vehicle v ON v.vin = o.vin
    CROSS JOIN customer_value k ON k.golden_id = o.golden_id
    WHERE o.from_date <= (SELECT as_of FROM bound)
)
WHERE brand IS NOT NULL
WINDOW w AS (PARTITION BY household_id ORDER BY from_date, vin);

INSERT INTO figure_step
SELECT formula, brand, dealer, month + ended * 12, n * (1 - 2 * ended), 1 - 2 * ended
FROM (
    SELECT 'loyalty_brand' AS formula, brand, dealer, month, brand IS brand_before AS n
    FROM purchase WHERE before IS NOT NULL
    UNION ALL
    SELECT 'conquest_brand', brand, dealer, month, of_brand = 1 FROM purchase
    UNION ALL
    SELECT 'referral', brand, dealer, 12 * substr(requested_at, 1, 4) + substr(requested_at, 6, 2),
           referrer_golden_id IS NOT NULL
    FROM demand
    WHERE duplicate_of IS NULL AND requested_at IS NOT NULL
)
CROSS JOIN (SELECT 0 AS ended UNION ALL SELECT 1)
WHERE month + 11 >= (SELECT first FROM figure_bound);

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
SELECT formula, brand, dealer, max(month, (SELECT first FROM figure_bound)) AS month,
       sum(numerator) AS numerator, sum(denominator) AS denominator
FROM figure_step
WHERE month <= (SELECT now FROM figure_bound)
GROUP BY 1, 2, 3, 4;

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

CREATE TEMP TABLE served_year (vin TEXT NOT NULL, year INTEGER NOT NULL, PRIMARY KEY (vin, year))
WITHOUT ROWID;

INSERT OR IGNORE INTO served_year
SELECT s.vin, substr(e.date, 1, 4) - substr(s.sold_on, 1, 4)
              + (substr(e.date, 6) > substr(s.sold_on, 6))
FROM sold_car s
CROSS JOIN event e ON e.vin = s.vin AND e.date > s.sold_on AND e.type = 'service'
WHERE s.sold_on >= date((SELECT as_of FROM bound), 'start of year', '-' ||
                        (SELECT value FROM parameter WHERE name = 'cohort_years') || ' years')
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
           count(v.vin) AS served
    FROM sold_car s
    CROSS JOIN years y
    LEFT JOIN served_year v ON v.vin = s.vin AND v.year = y.year
    WHERE s.sold_on >= date((SELECT as_of FROM bound), 'start of year', '-' ||
                            (SELECT value FROM parameter WHERE name = 'cohort_years') || ' years')
      AND (substr(s.sold_on, 1, 4) + y.year) || substr(s.sold_on, 5) <= (SELECT as_of FROM bound)
    GROUP BY 1, 2
)
ORDER BY 1, 2;

DROP TABLE served_year;
DROP TABLE figure_cell;
DROP TABLE figure_sum;
DROP TABLE purchase;
DROP TABLE sale_served;
DROP TABLE visit_month;
DROP TABLE sold_car;
DROP TABLE figure_step;
DROP TABLE figure_bound;
