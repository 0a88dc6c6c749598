-- One line a customer for whoever is about to call: who, which cars, what they complained of, when
-- they bought, when they were last in a workshop, and whether they may be called at all.
-- touched: precall.golden_id
CREATE TABLE precall (
    golden_id TEXT NOT NULL,
    name TEXT,               -- golden name
    mobile TEXT,             -- preferred one
    models TEXT,             -- of the cars they have, newest first
    cars_owned INTEGER NOT NULL, -- that they have now
    complaints INTEGER NOT NULL, -- ever
    complaints_open INTEGER NOT NULL, -- of these, not closed
    complaint_history TEXT,  -- day, category, status of each, newest first
    purchase_date TEXT,      -- of the newest car they have
    vin TEXT,                -- the same car's
    last_service_on TEXT,    -- last visit to a workshop, up to today
    last_service_dealer TEXT, -- where
    last_service_km INTEGER, -- odometer then
    may_call INTEGER NOT NULL,    -- 1: the mobile above has a consent; unknown is no
    may_message INTEGER NOT NULL -- 1: the same for a message (message_channel)
);

CREATE TEMP TABLE complaint_line (
    golden_id TEXT PRIMARY KEY,
    complaints INTEGER NOT NULL,
    complaints_open INTEGER NOT NULL,
    history TEXT
) WITHOUT ROWID;

INSERT INTO complaint_line
SELECT golden_id, count(*), sum(is_open),
       group_concat(coalesce(date, '?') || coalesce(' ' || detail, '') || coalesce(' ' || status, ''),
                    '; ')
FROM (
    SELECT golden_id, date, detail, status,
           coalesce(status, '') NOT IN (SELECT value FROM parameter
                                        WHERE name = 'complaint_closed_status')
           AND closed_on IS NULL AS is_open
    FROM each_event_by_golden_id
    WHERE event_id > 30000000000 AND type = 'complaint' AND golden_id IS NOT NULL
    ORDER BY golden_id, date DESC, event_id
)
GROUP BY golden_id;

CREATE TEMP TABLE allowed_contact (
    value TEXT NOT NULL,
    channel TEXT NOT NULL,
    PRIMARY KEY (value, channel)
) WITHOUT ROWID;

-- Who has said no without naming a channel or a purpose means all of them.
CREATE TEMP TABLE refused_widely (
    value TEXT NOT NULL,
    channel TEXT NOT NULL,  -- * stands for every channel
    since TEXT,             -- empty: undated, and so for good
    PRIMARY KEY (value, channel)
) WITHOUT ROWID;

INSERT OR IGNORE INTO refused_widely
SELECT contact_value, coalesce(channel, '*'), decided_at
FROM consent
WHERE contact_channel = 'mobile' AND (channel IS NULL OR purpose IS NULL)
  AND decision <> (SELECT value FROM parameter WHERE name = 'consent_granted')
  AND coalesce(purpose, (SELECT value FROM parameter WHERE name = 'marketing_purpose'))
      = (SELECT value FROM parameter WHERE name = 'marketing_purpose')
ORDER BY 1, 2, coalesce(decided_at, '9999') DESC;

INSERT OR IGNORE INTO allowed_contact
SELECT contact_value, channel
FROM consent g
WHERE contact_channel = 'mobile'
  AND purpose = (SELECT value FROM parameter WHERE name = 'marketing_purpose')
  AND decision = (SELECT value FROM parameter WHERE name = 'consent_granted')
  AND channel IN ((SELECT value FROM parameter WHERE name = 'call_channel'),
                  (SELECT value FROM parameter WHERE name = 'message_channel'))
  AND NOT EXISTS (SELECT 1 FROM refused_widely w
                  WHERE w.value = g.contact_value AND w.channel IN (g.channel, '*')
                    AND coalesce(w.since >= g.decided_at, 1));

-- Of several cars each model is named once, by its newest; the line's date and VIN are those of the
-- first.
CREATE TEMP TABLE cars_line (
    golden_id TEXT PRIMARY KEY,
    models TEXT,
    purchase_date TEXT,
    vin TEXT
) WITHOUT ROWID;

INSERT INTO cars_line
SELECT golden_id, group_concat(model, ', '), from_date, vin
FROM (
    SELECT golden_id, model, from_date, vin
    FROM (
        SELECT o.golden_id, o.model, o.from_date, o.vin,
               row_number() OVER (PARTITION BY o.golden_id, coalesce(o.model, o.vin)
                                  ORDER BY o.from_date DESC, o.vin) AS place
        FROM each_customer c
        CROSS JOIN ownership o ON o.golden_id = c.golden_id
        WHERE c.cars_owned > 1 AND o.role = 'owner'
    )
    WHERE place = 1
    ORDER BY golden_id, from_date DESC, coalesce(model, vin) DESC
)
GROUP BY golden_id;

-- Of the last visit the day comes first, then the odometer, and behind a blank the dealer: so it is
-- looked up once. LIMIT -1 keeps SQLite from looking it up anew for each column.
INSERT INTO precall
SELECT c.golden_id, c.name, c.mobile, coalesce(l.models, o.model), c.cars_owned,
       coalesce(k.complaints, 0), coalesce(k.complaints_open, 0), k.history,
       coalesce(l.purchase_date, o.from_date), coalesce(l.vin, o.vin),
       nullif(substr(c.visit, 1, 10), '0000-00-00'),
       nullif(substr(c.visit, instr(c.visit, ' ') + 1), ''),
       CAST(nullif(substr(c.visit, 11, instr(c.visit, ' ') - 11), '') AS INTEGER),
       EXISTS (SELECT 1 FROM allowed_contact a WHERE a.value = c.mobile AND a.channel =
               (SELECT value FROM parameter WHERE name = 'call_channel')),
       EXISTS (SELECT 1 FROM allowed_contact a WHERE a.value = c.mobile AND a.channel =
               (SELECT value FROM parameter WHERE name = 'message_channel'))
FROM (
    SELECT golden_id, name, mobile, cars_owned,
           (SELECT coalesce(s.date, '0000-00-00') || coalesce(s.odometer_km, '') || ' '
                   || coalesce(s.dealer, '')
            FROM event s
            WHERE s.golden_id = e.golden_id AND s.type = 'service'
              AND coalesce(s.date <= (SELECT value FROM parameter WHERE name = 'as_of'), 1)
            ORDER BY s.date DESC, s.amount DESC, s.dealer DESC, s.odometer_km DESC LIMIT 1) AS visit
    FROM each_customer e
    ORDER BY golden_id
    LIMIT -1
) c
LEFT JOIN ownership o ON o.golden_id = c.golden_id AND o.role = 'owner' AND c.cars_owned = 1
LEFT JOIN cars_line l ON l.golden_id = c.golden_id
LEFT JOIN complaint_line k ON k.golden_id = c.golden_id;

CREATE UNIQUE INDEX precall_customer ON precall (golden_id);

DROP TABLE cars_line;
DROP TABLE allowed_contact;
DROP TABLE refused_widely;
DROP TABLE complaint_line;
