-- The days that bound what is counted, as of the run: work table of one row. Months back are clamped
-- as months ahead are: a month before 31 March is the last of February.
CREATE TEMP TABLE bound AS
WITH
    back (name, months) AS (
        SELECT 'new', (SELECT value FROM parameter WHERE name = 'new_months')
        UNION ALL SELECT 'active', (SELECT value FROM parameter WHERE name = 'active_months')
        UNION ALL SELECT 'lost', (SELECT value FROM parameter WHERE name = 'lost_after_months')
        UNION ALL SELECT 'rfm', (SELECT value FROM parameter WHERE name = 'rfm_months')
        UNION ALL SELECT 'r5', (SELECT value FROM parameter WHERE name = 'rfm_recency_months_5')
        UNION ALL SELECT 'r4', (SELECT value FROM parameter WHERE name = 'rfm_recency_months_4')
        UNION ALL SELECT 'r3', (SELECT value FROM parameter WHERE name = 'rfm_recency_months_3')
        UNION ALL SELECT 'r2', (SELECT value FROM parameter WHERE name = 'rfm_recency_months_2')
    ),
    days AS (
        SELECT name, min(date(as_of, '-' || months || ' months'),
                         date(as_of, 'start of month', '-' || months || ' months', '+1 month',
                              '-1 day')) AS day
        FROM back, (SELECT value AS as_of FROM parameter WHERE name = 'as_of')
    )
SELECT (SELECT value FROM parameter WHERE name = 'as_of') AS as_of,
       max(CASE name WHEN 'new' THEN day END) AS new_from,
       max(CASE name WHEN 'active' THEN day END) AS active_from,
       max(CASE name WHEN 'lost' THEN day END) AS lost_before,
       max(CASE name WHEN 'rfm' THEN day END) AS rfm_from,
       max(CASE name WHEN 'r5' THEN day END) AS recency_5,
       max(CASE name WHEN 'r4' THEN day END) AS recency_4,
       max(CASE name WHEN 'r3' THEN day END) AS recency_3,
       max(CASE name WHEN 'r2' THEN day END) AS recency_2
FROM days;

-- The life-cycle stages, and what a customer of the stage is expected to do.
CREATE TABLE stage (
    stage TEXT NOT NULL PRIMARY KEY,
    label TEXT NOT NULL,
    retention REAL NOT NULL,   -- r: the chance that the customer stays another year
    clv_factor REAL NOT NULL   -- sum over the years t = 1 … clv_years of r^(t-1) / (1+d)^t, where d is
                               -- clv_discount: what one unit of yearly contribution is worth today
) WITHOUT ROWID;

INSERT INTO stage
WITH RECURSIVE
    known (stage, label, retention) AS (
        SELECT 'prospect', 'Prospect',
               (SELECT value FROM parameter WHERE name = 'clv_retention_prospect')
        UNION ALL SELECT 'new', 'New', (SELECT value FROM parameter WHERE name = 'clv_retention_new')
        UNION ALL SELECT 'active', 'Active',
                         (SELECT value FROM parameter WHERE name = 'clv_retention_active')
        UNION ALL SELECT 'at_risk', 'At risk',
                         (SELECT value FROM parameter WHERE name = 'clv_retention_at_risk')
        UNION ALL SELECT 'lost', 'Lost', (SELECT value FROM parameter WHERE name = 'clv_retention_lost')
        UNION ALL SELECT 'won_back', 'Won back',
                         (SELECT value FROM parameter WHERE name = 'clv_retention_won_back')
    ),
    years (stage, year, worth) AS (
        SELECT stage, 1, 1.0 / (1 + (SELECT value FROM parameter WHERE name = 'clv_discount'))
        FROM known
        UNION ALL
        SELECT y.stage, year + 1,
               worth * retention / (1 + (SELECT value FROM parameter WHERE name = 'clv_discount'))
        FROM years y CROSS JOIN known k ON k.stage = y.stage
        WHERE year < (SELECT value FROM parameter WHERE name = 'clv_years')
    )
SELECT k.stage, k.label, k.retention, round(sum(y.worth), 6)
FROM known k CROSS JOIN years y ON y.stage = k.stage
GROUP BY k.stage;

-- What a customer is worth, one line a customer.
--
-- RFM: each 1 to 5, 5 is best; the classes' bounds are parameters, so that a customer's class changes
-- by what the customer does and not by what others do.
--
-- Customer lifetime value, historic: clv_sale_margin of what the cars cost plus clv_service_margin of
-- what the visits cost. Expected: P * clv_factor of the stage, where P is the yearly contribution: the
-- service margin on what was spent within rfm_months, a year's share of it (years that the customer
-- has been known, 1 at least), and for who has a car the sale margin on the average price of the
-- customer's cars once in clv_replacement_years.
CREATE TABLE customer_value (
    golden_id TEXT NOT NULL,
    household_id TEXT NOT NULL, -- the customer's own id when nobody shares the home
    home_dealer TEXT,           -- of the last visit, else of the last purchase
    stage TEXT NOT NULL,        -- prospect: never had a car nor a visit
                                -- new: the first purchase or visit is within new_months
                                -- won_back: came again after more than lost_after_months
                                -- active: was there within active_months
                                -- at_risk: was there within lost_after_months
                                -- lost: was not
    first_activity_on TEXT,     -- purchase or visit
    last_activity_on TEXT,
    last_sale_on TEXT,
    last_visit_on TEXT,
    sales INTEGER NOT NULL,     -- cars bought, as far as dated
    visits INTEGER NOT NULL,
    spent_sales REAL NOT NULL,
    spent_service REAL NOT NULL,
    recent_visits INTEGER NOT NULL, -- within rfm_months, as is what follows
    recent_spent REAL NOT NULL, -- purchases and visits
    recency INTEGER NOT NULL,   -- 1 to 5, by the last activity; 1 as well: none
    frequency INTEGER NOT NULL, -- 1 to 5, by recent_visits
    monetary INTEGER NOT NULL,  -- 1 to 5, by recent_spent
    rfm INTEGER NOT NULL,       -- 100 * recency + 10 * frequency + monetary
    clv_historic REAL NOT NULL,
    clv_expected REAL NOT NULL
);

-- LIMIT -1 keeps SQLite from reckoning a column anew wherever it is used.
INSERT INTO customer_value
SELECT f.golden_id, coalesce(h.household_id, f.golden_id), f.home_dealer, f.stage,
       f.first_activity_on, f.last_activity_on, f.last_sale_on, f.last_visit_on, f.sales, f.visits,
       f.spent_sales, f.spent_service, f.recent_visits, f.recent_spent, f.recency, f.frequency,
       f.monetary, 100 * f.recency + 10 * f.frequency + f.monetary,
       round((SELECT value FROM parameter WHERE name = 'clv_sale_margin') * f.spent_sales
             + (SELECT value FROM parameter WHERE name = 'clv_service_margin') * f.spent_service, 2),
       round(g.clv_factor
             * ((SELECT value FROM parameter WHERE name = 'clv_service_margin') * f.recent_service
                / min((SELECT value FROM parameter WHERE name = 'rfm_months') / 12.0,
                      max(1, coalesce(day_number((SELECT as_of FROM bound))
                                      - day_number(f.first_activity_on), 0) / 365.25))
                + CASE WHEN f.cars_owned > 0 AND f.sales > 0 THEN
                      (SELECT value FROM parameter WHERE name = 'clv_sale_margin') * f.spent_sales
                      / f.sales / (SELECT value FROM parameter WHERE name = 'clv_replacement_years')
                  ELSE 0 END), 2)
FROM (
    SELECT *,
           CASE WHEN first_activity_on IS NULL AND cars_ever = 0 THEN 'prospect'
                WHEN first_activity_on > (SELECT new_from FROM bound) THEN 'new'
                -- The first within lost_after_months, and when the last before that ran out.
                WHEN last_activity_on >= (SELECT active_from FROM bound)
                     AND first_activity_on < (SELECT lost_before FROM bound)
                     AND (SELECT min(e.date) FROM event e
                          WHERE e.golden_id = a.golden_id AND e.type IN ('sale', 'service')
                            AND e.date >= (SELECT lost_before FROM bound))
                         > months_after((SELECT max(e.date) FROM event e
                                         WHERE e.golden_id = a.golden_id
                                           AND e.type IN ('sale', 'service')
                                           AND e.date < (SELECT lost_before FROM bound)),
                                        (SELECT value FROM parameter
                                         WHERE name = 'lost_after_months'))
                    THEN 'won_back'
                WHEN last_activity_on >= (SELECT active_from FROM bound) THEN 'active'
                WHEN last_activity_on >= (SELECT lost_before FROM bound) THEN 'at_risk'
                ELSE 'lost' END AS stage,
           CASE WHEN last_activity_on >= (SELECT recency_5 FROM bound) THEN 5
                WHEN last_activity_on >= (SELECT recency_4 FROM bound) THEN 4
                WHEN last_activity_on >= (SELECT recency_3 FROM bound) THEN 3
                WHEN last_activity_on >= (SELECT recency_2 FROM bound) THEN 2
                ELSE 1 END AS recency,
           CASE WHEN recent_visits >= (SELECT value FROM parameter WHERE name = 'rfm_visits_5') THEN 5
                WHEN recent_visits >= (SELECT value FROM parameter WHERE name = 'rfm_visits_4') THEN 4
                WHEN recent_visits >= (SELECT value FROM parameter WHERE name = 'rfm_visits_3') THEN 3
                WHEN recent_visits >= (SELECT value FROM parameter WHERE name = 'rfm_visits_2') THEN 2
                ELSE 1 END AS frequency,
           CASE WHEN recent_spent >= (SELECT value FROM parameter WHERE name = 'rfm_spent_5') THEN 5
                WHEN recent_spent >= (SELECT value FROM parameter WHERE name = 'rfm_spent_4') THEN 4
                WHEN recent_spent >= (SELECT value FROM parameter WHERE name = 'rfm_spent_3') THEN 3
                WHEN recent_spent >= (SELECT value FROM parameter WHERE name = 'rfm_spent_2') THEN 2
                ELSE 1 END AS monetary
    FROM (
        SELECT golden_id, cars_owned, cars_ever, substr(coalesce(visit, sale), 11) AS home_dealer,
               first_activity_on,
               substr(max(coalesce(visit, sale), coalesce(sale, visit)), 1, 10) AS last_activity_on,
               substr(sale, 1, 10) AS last_sale_on, substr(visit, 1, 10) AS last_visit_on,
               sales, visits, coalesce(spent_sales, 0) AS spent_sales,
               coalesce(spent_service, 0) AS spent_service, recent_visits,
               coalesce(recent_service, 0) AS recent_service,
               coalesce(recent_service, 0) + coalesce(recent_sales, 0) AS recent_spent
        -- What a customer has bought and had done, read from the index, in its order. The dealer
        -- goes behind the day: of two dealers on one day it is always the same one.
        FROM (
            SELECT c.golden_id, c.cars_owned, c.cars_ever, min(e.date) AS first_activity_on,
                   max(e.date || coalesce(e.dealer, '')) FILTER (WHERE e.type = 'sale') AS sale,
                   max(e.date || coalesce(e.dealer, '')) FILTER (WHERE e.type = 'service') AS visit,
                   count(*) FILTER (WHERE e.type = 'sale') AS sales,
                   count(*) FILTER (WHERE e.type = 'service') AS visits,
                   sum(e.amount) FILTER (WHERE e.type = 'sale') AS spent_sales,
                   sum(e.amount) FILTER (WHERE e.type = 'service') AS spent_service,
                   count(*) FILTER (WHERE e.date > (SELECT rfm_from FROM bound)
                                          AND e.type = 'service') AS recent_visits,
                   sum(e.amount) FILTER (WHERE e.date > (SELECT rfm_from FROM bound)
                                               AND e.type = 'service') AS recent_service,
                   sum(e.amount) FILTER (WHERE e.date > (SELECT rfm_from FROM bound)
                                               AND e.type = 'sale') AS recent_sales
            FROM customer c
            LEFT JOIN event e ON e.golden_id = c.golden_id AND e.type IN ('sale', 'service')
                             AND e.date <= (SELECT as_of FROM bound)
            GROUP BY c.golden_id
        )
        LIMIT -1
    ) a
    LIMIT -1
) f
LEFT JOIN household h ON h.golden_id = f.golden_id
LEFT JOIN stage g ON g.stage = f.stage;

CREATE UNIQUE INDEX customer_value_id ON customer_value (golden_id);
