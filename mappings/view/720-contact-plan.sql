-- What becomes of all open leads: one coordinated contact a household.
-- Who has asked for something may be called about it, unless one of their numbers has said no, and be
-- reached by whatever a consent to marketing allows.
CREATE TEMP TABLE request_allowed (
    golden_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    channel TEXT NOT NULL,
    contact_value TEXT NOT NULL,
    PRIMARY KEY (golden_id, place, channel, contact_value)
) WITHOUT ROWID;

INSERT OR IGNORE INTO request_allowed
SELECT c.golden_id, 0, (SELECT value FROM parameter WHERE name = 'call_channel'), c.mobile
FROM (SELECT DISTINCT l.golden_id FROM open_lead l CROSS JOIN lead_type t ON t.type = l.type
      WHERE t.purpose = 'request') r
CROSS JOIN customer c ON c.golden_id = r.golden_id
CROSS JOIN contact_point p ON p.golden_id = c.golden_id AND p.value = c.mobile
WHERE p.quality <> 'shared'
  AND NOT EXISTS (SELECT 1 FROM contact_point q
                  CROSS JOIN suppression s ON s.contact_value = q.value
                  WHERE q.golden_id = c.golden_id AND q.quality <> 'shared')
ORDER BY 1;

INSERT OR IGNORE INTO request_allowed
SELECT a.golden_id, a.place, a.channel, a.contact_value
FROM (SELECT DISTINCT l.golden_id FROM open_lead l CROSS JOIN lead_type t ON t.type = l.type
      WHERE t.purpose = 'request') r
CROSS JOIN contact_allowed a ON a.golden_id = r.golden_id
WHERE a.purpose = 'marketing'
ORDER BY 1, 2, 3, 4;

-- The first of each: the channel that is taken.
CREATE TEMP TABLE taken (
    golden_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    contact_value TEXT NOT NULL,
    PRIMARY KEY (golden_id, purpose)
) WITHOUT ROWID;

INSERT OR IGNORE INTO taken
SELECT golden_id, purpose, channel, contact_value FROM contact_allowed
ORDER BY golden_id, purpose, place, channel, contact_value;

INSERT OR IGNORE INTO taken
SELECT golden_id, 'request', channel, contact_value FROM request_allowed
ORDER BY golden_id, place, channel, contact_value;

-- When a household was last contacted, and how often within a year: a call to a number that two of it
-- have is one.
CREATE TEMP TABLE contacted (
    household_id TEXT PRIMARY KEY,
    free_on TEXT NOT NULL,     -- from when on the next contact may be
    times INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO contacted
SELECT k.household_id,
       date(max(m.contacted_at), '+' || (SELECT value FROM parameter WHERE name = 'contact_gap_days')
                                 || ' days'),
       count(DISTINCT CASE WHEN m.contacted_at > months_after((SELECT as_of FROM bound), -12)
                           THEN m.contacted_at || ' ' || m.channel || ' ' || m.contact_value END)
FROM contact_made m
CROSS JOIN customer_value k ON k.golden_id = m.golden_id
GROUP BY k.household_id;

CREATE TEMP TABLE plan_bound AS
SELECT date(as_of, '+1 day') AS first_on,
       date(as_of, '+' || (SELECT value FROM parameter WHERE name = 'plan_days') || ' days') AS last_on
FROM bound;

-- What becomes of every open lead: a point of a planned contact, or why not.
CREATE TABLE contact_plan_lead (
    golden_id TEXT NOT NULL,
    type TEXT NOT NULL,       -- see lead_type
    subject TEXT NOT NULL,    -- as in open_lead
    household_id TEXT NOT NULL,
    plan_golden_id TEXT,      -- whom the contact is planned with; empty: the lead was dropped
    place INTEGER,            -- among the points of the contact
    reason TEXT,              -- why it was dropped:
                              -- duplicate_request: asked before, at whatever dealer
                              -- no_contact_point: no number and no address that is the customer's own
                              -- opted_out: said no
                              -- consent_unknown: never said yes
                              -- frequency_cap: the household was contacted too recently or too often
                              -- same_car: a stronger lead of the same kind is there for the car
                              -- other_channel: who is contacted for the household has not agreed to
                              -- hear of it by the channel and number that are taken
                              -- same_number: the number is contacted for another household already
                              -- too_many: beyond the points of one contact
    PRIMARY KEY (golden_id, type, subject)
) WITHOUT ROWID;

CREATE TEMP TABLE tried (
    golden_id TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    household_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    dealer TEXT,
    due_on TEXT NOT NULL,
    contact_by TEXT,
    value REAL NOT NULL,
    line TEXT NOT NULL,
    channel TEXT,
    contact_value TEXT,
    reason TEXT
);

INSERT INTO tried
SELECT l.golden_id, l.type, l.subject, k.household_id, t.purpose, l.dealer, l.due_on, l.contact_by,
       l.value, t.label || ' (' || l.reason || ')', a.channel, a.contact_value,
       CASE
           WHEN l.duplicate_of IS NOT NULL THEN 'duplicate_request'
           WHEN a.golden_id IS NULL THEN CASE
               WHEN NOT EXISTS (SELECT 1 FROM contact_point p
                                WHERE p.golden_id = l.golden_id AND p.quality <> 'shared')
                   THEN 'no_contact_point'
               WHEN EXISTS (SELECT 1 FROM contact_point p
                            CROSS JOIN suppression s ON s.contact_value = p.value
                            WHERE p.golden_id = l.golden_id) THEN 'opted_out'
               ELSE 'consent_unknown' END
           WHEN t.purpose <> 'request'
                AND (d.free_on > (SELECT last_on FROM plan_bound)
                     OR d.times >= (SELECT value FROM parameter WHERE name = 'contacts_per_year'))
               THEN 'frequency_cap'
       END
FROM open_lead l
CROSS JOIN lead_type t ON t.type = l.type
CROSS JOIN customer_value k ON k.golden_id = l.golden_id
LEFT JOIN taken a ON a.golden_id = l.golden_id AND a.purpose = t.purpose
LEFT JOIN contacted d ON d.household_id = k.household_id;

-- The leads that go into contacts. One car is not asked to its service as lost and as due, nor offered
-- both to be bought back and to be upgraded from: the most valuable one of these stays.
CREATE TEMP TABLE kept AS
SELECT *, row_number() OVER (PARTITION BY household_id, golden_id, subject, topic
                             ORDER BY value DESC, type) AS of_topic
FROM (
    SELECT *, CASE WHEN type IN ('win_back', 'service_due', 'inspection_due') THEN 'workshop'
                   WHEN type IN ('buy_back', 'trade_in', 'upgrade') THEN 'next car'
                   ELSE type END AS topic
    FROM tried
    WHERE reason IS NULL
);

CREATE TEMP TABLE point AS
SELECT *, row_number() OVER (PARTITION BY household_id
                             ORDER BY value DESC, golden_id, type, subject) AS rank
FROM kept
WHERE of_topic = 1;

-- Who waits for an answer is the one who is contacted, else the member of the household whose leads are
-- worth most.
CREATE TEMP TABLE partner (
    household_id TEXT PRIMARY KEY,
    golden_id TEXT NOT NULL
) WITHOUT ROWID;

INSERT OR IGNORE INTO partner
SELECT household_id, golden_id
FROM (SELECT household_id, golden_id, max(purpose = 'request') AS asked, sum(value) AS value
      FROM point
      WHERE rank <= (SELECT value FROM parameter WHERE name = 'plan_points')
      GROUP BY household_id, golden_id)
ORDER BY household_id, asked DESC, value DESC, golden_id;

-- One coordinated contact a household: all that there is to say, to one person, by one dealer, on one
-- day. What a workshop must say of recalls and safety stands apart: see safety_notice.
CREATE TABLE contact_plan (
    golden_id TEXT NOT NULL,     -- who is contacted
    household_id TEXT NOT NULL,
    dealer TEXT,                 -- who contacts: the most valuable lead's
    channel TEXT NOT NULL,       -- by which: phone, wechat …
    contact_value TEXT NOT NULL, -- the number or address that is taken
    plan_on TEXT NOT NULL,       -- the day: when the first lead is due, within plan_days, after
                                 -- contact_gap_days from the last contact
    contact_by TEXT,             -- the last moment when somebody waits for it
    points INTEGER NOT NULL,     -- leads in it
    value REAL NOT NULL,         -- sum of what its leads bring on average
    script TEXT NOT NULL,        -- the points, most valuable first
    PRIMARY KEY (golden_id)
) WITHOUT ROWID;

CREATE TEMP TABLE first_point (
    household_id TEXT PRIMARY KEY,
    dealer TEXT,
    channel TEXT NOT NULL,
    contact_value TEXT NOT NULL
) WITHOUT ROWID;

INSERT OR IGNORE INTO first_point
SELECT p.household_id, p.dealer, p.channel, p.contact_value
FROM point p
CROSS JOIN partner r ON r.household_id = p.household_id AND r.golden_id = p.golden_id
ORDER BY p.household_id, p.purpose <> 'request', p.rank;

-- A number that two households have, as those of a company and its manager, is contacted once.
CREATE TEMP TABLE number_taken (
    contact_value TEXT PRIMARY KEY,
    household_id TEXT NOT NULL
) WITHOUT ROWID;

INSERT OR IGNORE INTO number_taken
SELECT f.contact_value, f.household_id
FROM first_point f
CROSS JOIN (SELECT household_id, max(purpose = 'request') AS asked, sum(value) AS value
            FROM point
            GROUP BY household_id) s ON s.household_id = f.household_id
ORDER BY f.contact_value, s.asked DESC, s.value DESC, f.household_id;

-- A point is made only if who is contacted has agreed to points of its purpose by that very channel and
-- number; `place` is empty for the others.
CREATE TEMP TABLE placed AS
SELECT p.*,
       CASE WHEN p.may THEN row_number() OVER (PARTITION BY p.household_id, p.may ORDER BY p.rank) END
           AS place
FROM (
    SELECT p.*, r.golden_id AS plan_golden_id, n.household_id IS NULL AS is_taken,
           n.household_id IS NOT NULL
           AND (EXISTS (SELECT 1 FROM contact_allowed a
                   WHERE a.golden_id = r.golden_id
                     AND a.purpose = CASE p.purpose WHEN 'request' THEN 'marketing' ELSE p.purpose END
                     AND a.channel = f.channel AND a.contact_value = f.contact_value)
                OR (p.purpose = 'request'
                    AND EXISTS (SELECT 1 FROM request_allowed a
                                WHERE a.golden_id = r.golden_id AND a.channel = f.channel
                                  AND a.contact_value = f.contact_value))) AS may
    FROM point p
    CROSS JOIN partner r ON r.household_id = p.household_id
    CROSS JOIN first_point f ON f.household_id = p.household_id
    LEFT JOIN number_taken n ON n.contact_value = f.contact_value
                             AND n.household_id = f.household_id
    LIMIT -1
) p;

INSERT INTO contact_plan
SELECT r.golden_id, s.household_id, f.dealer, f.channel, f.contact_value,
       CASE WHEN s.asked THEN (SELECT first_on FROM plan_bound)
            ELSE max((SELECT first_on FROM plan_bound),
                     min(s.due_on, (SELECT last_on FROM plan_bound)), coalesce(d.free_on, ''))
       END,
       s.contact_by, s.points, s.value, s.script
FROM (
    SELECT household_id, min(due_on) AS due_on, min(contact_by) AS contact_by, count(*) AS points,
           sum(value) AS value, max(purpose = 'request') AS asked,
           group_concat(place || '. ' || line, char(10)) AS script
    FROM (SELECT * FROM placed
          WHERE place <= (SELECT value FROM parameter WHERE name = 'plan_points')
          ORDER BY household_id, place)
    GROUP BY household_id
) s
CROSS JOIN partner r ON r.household_id = s.household_id
CROSS JOIN first_point f ON f.household_id = s.household_id
LEFT JOIN contacted d ON d.household_id = s.household_id
ORDER BY r.golden_id;

INSERT INTO contact_plan_lead
SELECT golden_id, type, subject, household_id, NULL, NULL, reason FROM tried WHERE reason IS NOT NULL
UNION ALL
SELECT golden_id, type, subject, household_id, NULL, NULL, 'same_car' FROM kept WHERE of_topic > 1
UNION ALL
SELECT golden_id, type, subject, household_id,
       CASE WHEN place <= (SELECT value FROM parameter WHERE name = 'plan_points')
            THEN plan_golden_id END,
       CASE WHEN place <= (SELECT value FROM parameter WHERE name = 'plan_points')
            THEN place END,
       CASE WHEN is_taken THEN 'same_number' WHEN place IS NULL THEN 'other_channel'
            WHEN place > (SELECT value FROM parameter WHERE name = 'plan_points') THEN 'too_many' END
FROM placed
ORDER BY 1, 2, 3;

DROP TABLE placed;
DROP TABLE number_taken;
DROP TABLE first_point;
DROP TABLE partner;
DROP TABLE point;
DROP TABLE kept;
DROP TABLE tried;
DROP TABLE plan_bound;
DROP TABLE contacted;
DROP TABLE taken;
DROP TABLE request_allowed;

-- Whom a recall or safety campaign still has to reach. It is no marketing: no consent is asked, no
-- contact counted, and it goes to every number there is.
CREATE TABLE safety_notice (
    campaign TEXT NOT NULL, -- the campaign's number
    vin TEXT NOT NULL,
    golden_id TEXT,        -- who has the car; empty: not known
    dealer TEXT,           -- where it was last
    mobile TEXT,           -- the owner's; consent is not asked
    title TEXT,            -- what is to be done
    issued_on TEXT,        -- when the campaign was issued
    PRIMARY KEY (campaign, vin)
) WITHOUT ROWID;

INSERT INTO safety_notice
SELECT r.campaign, r.vin, r.golden_id, s.dealer, c.mobile, r.title, r.issued_on
FROM recall_car r
LEFT JOIN vehicle_status s ON s.vin = r.vin
LEFT JOIN customer c ON c.golden_id = r.golden_id
WHERE r.done_on IS NULL
ORDER BY 1, 2;
