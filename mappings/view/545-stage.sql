-- The days that bound what is counted, as of the run: work table of one row. Months back are clamped
-- as months ahead are: a month before 31 March is the last of February.
CREATE TEMP TABLE bound AS
SELECT value AS as_of,
       months_after(value, -(SELECT value FROM parameter WHERE name = 'new_months'))
           AS new_from,
       months_after(value, -(SELECT value FROM parameter WHERE name = 'active_months'))
           AS active_from,
       months_after(value, -(SELECT value FROM parameter WHERE name = 'lost_after_months'))
           AS lost_before,
       months_after(value, -(SELECT value FROM parameter WHERE name = 'rfm_months'))
           AS rfm_from,
       months_after(value, -(SELECT value FROM parameter WHERE name = 'rfm_recency_months_5'))
           AS recency_5,
       months_after(value, -(SELECT value FROM parameter WHERE name = 'rfm_recency_months_4'))
           AS recency_4,
       months_after(value, -(SELECT value FROM parameter WHERE name = 'rfm_recency_months_3'))
           AS recency_3,
       months_after(value, -(SELECT value FROM parameter WHERE name = 'rfm_recency_months_2'))
           AS recency_2
FROM parameter
WHERE name = 'as_of';

-- The life-cycle stages, and what a customer of the stage is expected to do.
CREATE TABLE stage (
    stage TEXT NOT NULL PRIMARY KEY, -- as in customer_value
    label TEXT NOT NULL,       -- how it is shown
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
