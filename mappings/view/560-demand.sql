-- What prospects and customers have asked for, each request a row, and which of them ask again for
-- what has been asked already. Times are local where they were asked, and so are the terms.
CREATE TABLE demand (
    source TEXT NOT NULL,
    number TEXT NOT NULL,   -- of the request, at its source
    golden_id TEXT NOT NULL,
    dealer TEXT,            -- who was asked
    requested_at TEXT,      -- local time where they asked
    contact_by TEXT,        -- intent_contact_hours later, when they mean to buy within intent_months
    months INTEGER,         -- within which they mean to buy; empty: not said
    interest TEXT,          -- buy, test_drive, trade_in …; a code
    brand TEXT,             -- that they asked about
    model TEXT,             -- that they asked about
    status TEXT,            -- new, contacted, won, lost …; a code
    is_open INTEGER NOT NULL, -- 1: neither won nor lost
    duplicate_of TEXT,      -- an earlier request of the same customer for the same interest, at whatever
                            -- dealer, within demand_again_days
    referrer_golden_id TEXT, -- who recommended us
    PRIMARY KEY (source, number)
) WITHOUT ROWID;

INSERT OR IGNORE INTO demand
SELECT source, number, golden_id, dealer, requested_at,
       CASE WHEN months <= (SELECT value FROM parameter WHERE name = 'intent_months')
            THEN strftime('%Y-%m-%dT%H:%M:%S', requested_at, '+' ||
                 (SELECT value FROM parameter WHERE name = 'intent_contact_hours') || ' hours') END,
       months, interest, brand, model, status,
       coalesce(status, '') NOT IN (SELECT value FROM parameter WHERE name = 'demand_ended_status'),
       CASE WHEN julianday(substr(requested_at, 1, 10)) - julianday(substr(before_at, 1, 10))
                 <= (SELECT value FROM parameter WHERE name = 'demand_again_days') THEN before END,
       referrer
FROM (
    SELECT d.*, lag(number) OVER w AS before, lag(requested_at) OVER w AS before_at
    FROM (
        SELECT s.name AS source, r.number, c.golden_id, r.dealer, r.requested_at,
               nullif(CAST(r.timeframe AS INTEGER), 0) AS months, r.interest, r.brand, r.model,
               r.status, min(p.golden_id) AS referrer
        FROM state.record_lead r
        CROSS JOIN state.source s ON s.source_id = r.source_id
        CROSS JOIN customer_source c ON c.source_key = r.customer_key AND c.source = s.name
        LEFT JOIN contact_point p ON p.value = r.referrer AND p.channel = 'mobile'
                                 AND p.golden_id <> c.golden_id
        WHERE r.closed_run IS NULL
        GROUP BY r.record_id
    ) d
    WINDOW w AS (PARTITION BY golden_id, interest ORDER BY requested_at, source, number)
)
ORDER BY source, number, requested_at, golden_id, dealer, months, interest, brand, model, status,
         before, referrer;

CREATE INDEX demand_customer ON demand (golden_id);

-- Whom somebody has called or written to. A number's holders all count as contacted.
CREATE TABLE contact_made (
    golden_id TEXT NOT NULL,
    contacted_at TEXT NOT NULL,  -- local time
    channel TEXT NOT NULL,       -- phone, sms, wechat …; empty: not said
    contact_value TEXT NOT NULL,
    dealer TEXT,                 -- who made it
    topic TEXT,                  -- what it was about
    result TEXT,                 -- what came of it
    PRIMARY KEY (golden_id, contacted_at, channel, contact_value)
) WITHOUT ROWID;

INSERT OR IGNORE INTO contact_made
SELECT p.golden_id, r.contacted_at, coalesce(r.channel, ''), p.value, r.dealer, r.topic, r.result
FROM state.record_contact r
CROSS JOIN contact_point p ON p.value = coalesce(r.mobile, r.email) AND p.quality <> 'shared'
WHERE r.closed_run IS NULL
ORDER BY 1, 2, 3, 4, 5, 6, 7;

-- Cars that a recall or safety campaign concerns, and whether it has been done: said by the campaign,
-- or a recall job in a workshop after it was issued.
CREATE TABLE recall_car (
    campaign TEXT NOT NULL, -- the campaign's number
    vin TEXT NOT NULL,
    title TEXT,           -- what is to be done
    issued_on TEXT,       -- when the campaign was issued
    done_on TEXT,         -- empty: still to be done
    golden_id TEXT,       -- who has the car now
    PRIMARY KEY (campaign, vin)
) WITHOUT ROWID;

INSERT OR IGNORE INTO recall_car
SELECT r.campaign, r.vin, r.title, r.issued_on, coalesce(r.done_on, min(e.date)), v.owner_golden_id
FROM state.record_recall r
LEFT JOIN vehicle v ON v.vin = r.vin
LEFT JOIN event e ON e.vin = r.vin AND e.type = 'service' AND e.date >= r.issued_on
                 AND e.detail IN (SELECT value FROM parameter WHERE name = 'recall_jobs')
WHERE r.closed_run IS NULL
GROUP BY r.record_id
ORDER BY 1, 2, 3, 4, 5;
