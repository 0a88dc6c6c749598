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
    name TEXT NOT NULL,       -- all, the brand, the dealer
    month TEXT NOT NULL,      -- the month, as YYYY-MM: what counts, counts up to its end,
                              -- in the running month up to the day of the run
    numerator INTEGER NOT NULL, -- the part that did it
    denominator INTEGER NOT NULL, -- all that could have
    share REAL NOT NULL,      -- numerator over denominator, 0 to 1
    PRIMARY KEY (formula, scope, name, month)
) WITHOUT ROWID;

-- Months are numbered: 12 * year + month. What households have bought is in 598-purchase.sql.

-- What begins to count in a month, and what ends: after twelve.
CREATE TEMP TABLE figure_step AS
SELECT f.formula, f.brand, f.dealer, f.month + e.ended * 12 AS month,
       f.numerator * (1 - 2 * e.ended) AS numerator, f.denominator * (1 - 2 * e.ended) AS denominator
FROM (
    SELECT 'loyalty_brand' AS formula, brand, dealer, month, brand = brand_before AS numerator,
           1 AS denominator
    FROM late_purchase WHERE brand_before IS NOT NULL
    UNION ALL
    SELECT 'conquest_brand', brand, dealer, month, first_of_brand, 1 FROM late_purchase
    UNION ALL
    SELECT 'referral', brand, dealer, month_number(requested_at), referrer_golden_id IS NOT NULL, 1
    FROM demand
    WHERE duplicate_of IS NULL AND requested_at IS NOT NULL
    UNION ALL
    SELECT formula, brand, dealer, month, numerator, denominator
    FROM work_figure_car
    WHERE formula = 'sales_to_service_12m'
) f
CROSS JOIN (SELECT 0 AS ended UNION ALL SELECT 1) e
WHERE f.month + 11 >= (SELECT first FROM figure_bound);

-- What came before the first month is its start.
CREATE TEMP TABLE figure_cell AS
SELECT formula, brand, dealer, max(month, (SELECT first FROM figure_bound)) AS month,
       sum(numerator) AS numerator, sum(denominator) AS denominator
FROM figure_step
WHERE month <= (SELECT now FROM figure_bound)
GROUP BY 1, 2, 3, 4;

CREATE TEMP TABLE figure_sum (
    formula TEXT NOT NULL,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    month INTEGER NOT NULL,
    numerator INTEGER NOT NULL,
    denominator INTEGER NOT NULL,
    PRIMARY KEY (formula, scope, name, month)
) WITHOUT ROWID;

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
    UNION ALL
    SELECT f.formula, g.scope, CASE g.scope WHEN 'group' THEN 'all' WHEN 'brand' THEN f.brand
                                            ELSE f.dealer END AS name,
           f.month, sum(f.numerator), sum(f.denominator)
    FROM work_figure_car f
    CROSS JOIN (SELECT 'group' AS scope UNION ALL SELECT 'brand' UNION ALL SELECT 'dealer') g
    WHERE f.formula = 'retention_12m'
    GROUP BY f.formula, g.scope, 3, f.month
    HAVING name IS NOT NULL
)
WHERE d > 0
ORDER BY 1, 2, 3, 4;

DROP TABLE figure_sum;
DROP TABLE figure_cell;
DROP TABLE figure_step;
DROP TABLE late_purchase;
DROP TABLE purchase;
DROP TABLE buyer;
DROP TABLE figure_bound;
