-- What households buy, for management's figures (730-figure.sql): work tables.
-- Months are numbered: 12 * year + month.
CREATE TEMP TABLE figure_bound AS
SELECT as_of, now, first, printf('%04d-%02d-01', (first - 12) / 12, (first - 12) % 12 + 1) AS late_from
FROM (SELECT value AS as_of, month_number(value) AS now,
             month_number(value) - (SELECT value FROM parameter WHERE name = 'figure_months') + 1
                 AS first
      FROM parameter WHERE name = 'as_of');

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
