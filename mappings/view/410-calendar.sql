-- What follows from a day alone, reckoned once a day and not once a car. Work table. A month later is
-- the same day of the next month, or its last: a year after 29 February ends on 28 February.
CREATE TEMP TABLE calendar (
    day TEXT PRIMARY KEY,
    number INTEGER NOT NULL,      -- days, to be subtracted
    warranty_ends_on TEXT,        -- of a car first sold on the day
    connected_ends_on TEXT,
    inspection_due_on TEXT,       -- the next one, as of the run
    inspection_after_on TEXT,     -- and the one after it
    inspection_from TEXT,         -- from when on a visit is the next one's
    maintenance_due_on TEXT,      -- after a maintenance on the day
    lost_on TEXT                  -- who comes later than this after a visit on the day had been lost
) WITHOUT ROWID;

INSERT INTO calendar
WITH RECURSIVE
    term AS (
        SELECT (SELECT value FROM parameter WHERE name = 'as_of') AS as_of,
               (SELECT value FROM parameter WHERE name = 'warranty_months') AS warranty,
               (SELECT value FROM parameter WHERE name = 'connected_months') AS connected,
               (SELECT value FROM parameter WHERE name = 'maintenance_months') AS maintenance,
               (SELECT value FROM parameter WHERE name = 'lost_after_months') AS lost,
               (SELECT value FROM parameter WHERE name = 'inspection_every_year_from') AS yearly,
               (SELECT value FROM parameter WHERE name = 'inspection_early_days') AS early
    ),
    days (day) AS (
        SELECT '1990-01-01'
        UNION ALL
        SELECT date(day, '+1 day') FROM days, term WHERE day < as_of
    ),
    -- The next anniversary that has an inspection: each second year, later each year.
    due AS (
        SELECT day, CASE WHEN anniversary >= yearly THEN anniversary
                         ELSE max(2, (anniversary + 1) / 2 * 2) END AS years
        FROM (SELECT day, substr(as_of, 1, 4) - substr(day, 1, 4)
                          + (substr(as_of, 6) > substr(day, 6)) AS anniversary
              FROM days, term)
        CROSS JOIN term
    ),
    terms AS (
        SELECT d.day, substr(d.day, 9) AS day_of_month, t.early,
               '+' || t.warranty || ' months' AS warranty,
               '+' || t.connected || ' months' AS connected,
               '+' || t.maintenance || ' months' AS maintenance,
               '+' || t.lost || ' months' AS lost, '+' || d.years || ' years' AS due,
               '+' || (d.years + CASE WHEN d.years >= t.yearly THEN 1 ELSE 2 END) || ' years' AS next
        FROM due d, term t
    ),
    -- Each month has a 28th: only days after it are clamped.
    dates AS (
        SELECT day, early,
               CASE WHEN day_of_month <= '28' THEN date(day, due)
                    ELSE min(date(day, due),
                             date(day, 'start of month', due, '+1 month', '-1 day'))
                    END AS due_on,
               CASE WHEN day_of_month <= '28' THEN date(day, next)
                    ELSE min(date(day, next),
                             date(day, 'start of month', next, '+1 month', '-1 day'))
                    END AS next_on,
               CASE WHEN day_of_month <= '28' THEN date(day, warranty)
                    ELSE min(date(day, warranty),
                             date(day, 'start of month', warranty, '+1 month', '-1 day'))
                    END AS warranty_on,
               CASE WHEN day_of_month <= '28' THEN date(day, connected)
                    ELSE min(date(day, connected),
                             date(day, 'start of month', connected, '+1 month', '-1 day'))
                    END AS connected_on,
               CASE WHEN day_of_month <= '28' THEN date(day, maintenance)
                    ELSE min(date(day, maintenance),
                             date(day, 'start of month', maintenance, '+1 month', '-1 day'))
                    END AS maintenance_on,
               CASE WHEN day_of_month <= '28' THEN date(day, lost)
                    ELSE min(date(day, lost),
                             date(day, 'start of month', lost, '+1 month', '-1 day'))
                    END AS lost_on
        FROM terms
    )
SELECT day, CAST(julianday(day) AS INTEGER), warranty_on, connected_on, due_on, next_on,
       date(due_on, '-' || early || ' days'), maintenance_on,
       lost_on
FROM dates
ORDER BY day;
