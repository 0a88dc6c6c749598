-- What a customer is worth, one line a customer.
--
-- RFM: each 1 to 5, 5 is best; the classes' bounds are parameters, so that a customer's class changes
-- by what the customer does and not by what others do.
--
-- Customer lifetime value, historic: clv_sale_margin of what the cars cost plus clv_service_margin of
-- what the visits cost. Expected: P * clv_factor of the stage, where P is the yearly contribution: the
-- service margin on what was spent within rfm_months, a year's share of it (by the months that the
-- customer has been known, begun ones as well and 12 at least), and for who has a car the sale margin
-- on the average price of the customer's cars once in clv_replacement_years.
-- touched: customer_value.golden_id
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
    last_activity_on TEXT,      -- purchase or visit
    last_sale_on TEXT,          -- last purchase of a car
    last_visit_on TEXT,         -- last time in a workshop
    sales INTEGER NOT NULL,     -- cars bought, as far as dated
    visits INTEGER NOT NULL,    -- to workshops of the group
    spent_sales REAL NOT NULL,  -- on cars, altogether
    spent_service REAL NOT NULL, -- in workshops, altogether
    recent_visits INTEGER NOT NULL, -- within rfm_months, as is what follows
    recent_spent REAL NOT NULL, -- purchases and visits
    recency INTEGER NOT NULL,   -- 1 to 5, by the last activity; 1 as well: none
    frequency INTEGER NOT NULL, -- 1 to 5, by recent_visits
    monetary INTEGER NOT NULL,  -- 1 to 5, by recent_spent
    rfm INTEGER NOT NULL,       -- 100 * recency + 10 * frequency + monetary
    clv_historic REAL NOT NULL, -- margins on all that was spent so far, see above
    clv_expected REAL NOT NULL  -- what the coming years will bring, see above
);

-- Purchases and visits up to today, read from the index in its order. The dealer goes behind the day:
-- of two dealers on one day it is always the same one.
CREATE TEMP TABLE activity (
    golden_id TEXT NOT NULL,
    type TEXT NOT NULL,
    first_on TEXT NOT NULL,
    last TEXT NOT NULL,
    times INTEGER NOT NULL,
    spent REAL NOT NULL,
    recent_times INTEGER NOT NULL,
    recent_spent REAL NOT NULL,
    PRIMARY KEY (golden_id, type)
) WITHOUT ROWID;

INSERT INTO activity
SELECT e.golden_id, e.type, min(e.date), max(e.date || coalesce(e.dealer, '')), count(*),
       coalesce(sum(e.amount), 0), coalesce(sum(e.date > (SELECT rfm_from FROM bound)), 0),
       coalesce(sum(CASE WHEN e.date > (SELECT rfm_from FROM bound) THEN e.amount END), 0)
FROM each_event_by_golden_id e
WHERE e.type IN ('sale', 'service') AND e.golden_id IS NOT NULL
  AND e.date <= (SELECT as_of FROM bound)
GROUP BY e.golden_id, e.type;

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
                * 12.0 / min((SELECT value FROM parameter WHERE name = 'rfm_months'),
                             max(12, coalesce(f.months_known, 0)))
                + CASE WHEN f.cars_owned > 0 AND f.sales > 0 THEN
                      (SELECT value FROM parameter WHERE name = 'clv_sale_margin') * f.spent_sales
                      / f.sales / (SELECT value FROM parameter WHERE name = 'clv_replacement_years')
                  ELSE 0 END), 2)
FROM (
    SELECT *,
           month_number((SELECT as_of FROM bound)) - month_number(first_activity_on)
               + (substr((SELECT as_of FROM bound), 9) > substr(first_activity_on, 9))
               AS months_known,
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
        SELECT c.golden_id, c.cars_owned, c.cars_ever,
               substr(coalesce(v.last, s.last), 11) AS home_dealer,
               min(coalesce(v.first_on, s.first_on), coalesce(s.first_on, v.first_on))
                   AS first_activity_on,
               substr(max(coalesce(v.last, s.last), coalesce(s.last, v.last)), 1, 10)
                   AS last_activity_on,
               substr(s.last, 1, 10) AS last_sale_on, substr(v.last, 1, 10) AS last_visit_on,
               coalesce(s.times, 0) AS sales, coalesce(v.times, 0) AS visits,
               coalesce(s.spent, 0) AS spent_sales, coalesce(v.spent, 0) AS spent_service,
               coalesce(v.recent_times, 0) AS recent_visits,
               coalesce(v.recent_spent, 0) AS recent_service,
               coalesce(v.recent_spent, 0) + coalesce(s.recent_spent, 0) AS recent_spent
        FROM each_customer c
        LEFT JOIN activity s ON s.golden_id = c.golden_id AND s.type = 'sale'
        LEFT JOIN activity v ON v.golden_id = c.golden_id AND v.type = 'service'
        ORDER BY c.golden_id
        LIMIT -1
    ) a
    LIMIT -1
) f
LEFT JOIN household h ON h.golden_id = f.golden_id
LEFT JOIN stage g ON g.stage = f.stage;

DROP TABLE activity;

CREATE UNIQUE INDEX customer_value_id ON customer_value (golden_id);
