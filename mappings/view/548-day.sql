-- Whose value changes by nothing but the day: something they did, or their last or first time, lies
-- between what bounded it on the former run's day and what bounds it today (see customer_value).
-- nights only
CREATE TEMP TABLE passed AS
SELECT name, min(was, now) AS since, max(was, now) AS until
FROM (
    SELECT m.name, months_after(f.value, -m.months) AS was, months_after(n.value, -m.months) AS now
    FROM (SELECT name, value AS months FROM parameter
          WHERE name IN ('new_months', 'active_months', 'lost_after_months', 'rfm_months',
                         'rfm_recency_months_5', 'rfm_recency_months_4', 'rfm_recency_months_3',
                         'rfm_recency_months_2')
          UNION ALL SELECT 'today', 0) m
    CROSS JOIN former_parameter f ON f.name = 'as_of'
    CROSS JOIN parameter n ON n.name = 'as_of'
)
WHERE was <> now;

-- 625-car-day.sql reads the visits that were dated ahead.
CREATE TEMP TABLE passed_event AS
SELECT e.golden_id, e.vin, e.type, e.date BETWEEN b.today_since AND b.today_until AS is_today
FROM event e
CROSS JOIN (SELECT max(since) FILTER (WHERE name = 'today') AS today_since,
                   max(until) FILTER (WHERE name = 'today') AS today_until,
                   max(since) FILTER (WHERE name = 'lost_after_months') AS lost_since,
                   max(until) FILTER (WHERE name = 'lost_after_months') AS lost_until,
                   max(since) FILTER (WHERE name = 'rfm_months') AS rfm_since,
                   max(until) FILTER (WHERE name = 'rfm_months') AS rfm_until
            FROM passed) b
WHERE e.type IN ('sale', 'service')
  AND (e.date BETWEEN b.today_since AND b.today_until
       OR e.date BETWEEN b.lost_since AND b.lost_until
       OR e.date BETWEEN b.rfm_since AND b.rfm_until);

INSERT OR IGNORE INTO touched_golden_id
SELECT golden_id FROM passed_event WHERE golden_id IS NOT NULL;

CREATE TEMP TABLE passed_visit AS SELECT vin FROM passed_event WHERE is_today AND type = 'service';

DROP TABLE passed_event;

INSERT OR IGNORE INTO touched_golden_id
SELECT v.golden_id
FROM customer_value v
CROSS JOIN passed b
WHERE (b.name = 'new_months' AND v.first_activity_on BETWEEN b.since AND b.until)
   OR (b.name LIKE '%months%' AND v.last_activity_on BETWEEN b.since AND b.until);

-- The months that somebody has been known divide what was spent within rfm_months.
INSERT OR IGNORE INTO touched_golden_id
SELECT v.golden_id
FROM customer_value v
CROSS JOIN former_parameter f ON f.name = 'as_of'
CROSS JOIN parameter n ON n.name = 'as_of'
WHERE v.recent_visits > 0
  AND month_number(f.value) + (substr(f.value, 9) > substr(v.first_activity_on, 9))
   <> month_number(n.value) + (substr(n.value, 9) > substr(v.first_activity_on, 9));

DROP TABLE passed;
