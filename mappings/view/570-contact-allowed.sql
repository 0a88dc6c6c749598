-- Numbers and addresses that said no. It goes with the value, in the whole group, whoever has it and
-- whatever is merged or split; nobody is asked who it belongs to.
-- touched: suppression.contact_value, contact_allowed.golden_id
CREATE TABLE suppression (
    contact_value TEXT NOT NULL, -- number or address
    channel TEXT NOT NULL,   -- * stands for every channel
    purpose TEXT NOT NULL,   -- * stands for every purpose
    since TEXT,              -- empty: undated, and so for good
    source TEXT NOT NULL,    -- who brought the refusal
    PRIMARY KEY (contact_value, channel, purpose)
) WITHOUT ROWID;

INSERT OR IGNORE INTO suppression
SELECT contact_value, coalesce(channel, '*'), coalesce(purpose, '*'), decided_at, source
FROM each_consent_by_contact_value
WHERE decision <> (SELECT value FROM parameter WHERE name = 'consent_granted')
ORDER BY 1, 2, 3, 4, 5;

-- What a customer may be contacted by: a value of their own with a consent that nothing newer, or
-- undated, has taken back. Who has asked for something may be called about it besides: see
-- 720-contact-plan.sql.
CREATE TABLE contact_allowed (
    golden_id TEXT NOT NULL,
    purpose TEXT NOT NULL,     -- marketing, service: of the leads, a consent to marketing is for both
    place INTEGER NOT NULL,    -- of the channel in contact_channels: the smaller, the rather
    channel TEXT NOT NULL,     -- phone, wechat …
    contact_value TEXT NOT NULL, -- number or address
    PRIMARY KEY (golden_id, purpose, place, channel, contact_value)
) WITHOUT ROWID;

INSERT OR IGNORE INTO contact_allowed
SELECT g.golden_id, u.purpose, w.place, g.channel, g.contact_value
FROM each_consent_by_golden_id g
CROSS JOIN (SELECT value AS channel, row_number() OVER (ORDER BY rowid) AS place
            FROM parameter WHERE name = 'contact_channels') w
    ON w.channel = g.channel
CROSS JOIN (SELECT 'marketing' AS purpose UNION ALL SELECT 'service') u
CROSS JOIN contact_point p ON p.golden_id = g.golden_id AND p.value = g.contact_value
WHERE g.decision = (SELECT value FROM parameter WHERE name = 'consent_granted')
  AND (g.purpose = (SELECT value FROM parameter WHERE name = 'marketing_purpose')
       OR (u.purpose = 'service'
           AND g.purpose = (SELECT value FROM parameter WHERE name = 'service_purpose')))
  AND p.quality <> 'shared'
  AND NOT EXISTS (SELECT 1 FROM suppression s
                  WHERE s.contact_value = g.contact_value AND s.channel IN (g.channel, '*')
                    AND s.purpose IN (g.purpose, '*')
                    AND coalesce(s.since >= g.decided_at, 1))
ORDER BY 1, 2, 3, 4, 5;
