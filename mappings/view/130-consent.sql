-- Consent by contact value, channel and purpose: the newest word holds, on the same time the
-- stricter. It goes with the value and so reaches a customer only through a value that they have: a
-- merge cannot widen it. A refusal outlives its record in the source, a grant does not. A refusal
-- without a date holds against every grant, a grant without a date against nothing.
-- touched: consent.contact_value
CREATE TABLE consent (
    golden_id TEXT,          -- a row for each customer who has the value; empty: nobody has
    contact_channel TEXT NOT NULL, -- mobile, email
    contact_value TEXT NOT NULL,   -- whom the word binds: the number or address, not the person
    channel TEXT,                  -- phone, sms, wechat …; empty: every channel
    purpose TEXT,                  -- marketing, service …; empty: every purpose
    decision TEXT NOT NULL,        -- granted, or anything else: refused, withdrawn
    decided_at TEXT,               -- empty: not known; a refusal then holds for good
    source TEXT NOT NULL           -- whose record holds
);

INSERT INTO consent
SELECT p.golden_id, w.contact_channel, w.contact_value, w.channel, w.purpose, w.decision,
       w.decided_at, s.name
FROM (
    SELECT contact_channel, contact_value, channel, purpose, decision, decided_at, source_id,
           row_number() OVER (
               PARTITION BY contact_channel, contact_value, channel, purpose
               ORDER BY coalesce(decided_at, CASE WHEN refused THEN '9999' ELSE '' END) DESC,
                        refused DESC, record_id) AS place
    FROM (
        SELECT 'mobile' AS contact_channel, mobile AS contact_value, channel, purpose, decision,
               decided_at, source_id, record_id, closed_run,
               decision <> (SELECT value FROM parameter WHERE name = 'consent_granted') AS refused
        FROM each_record_consent
        WHERE mobile IS NOT NULL
        UNION ALL
        SELECT 'email', email, channel, purpose, decision, decided_at, source_id, record_id,
               closed_run,
               decision <> (SELECT value FROM parameter WHERE name = 'consent_granted')
        FROM each_record_consent
        WHERE email IS NOT NULL
    )
    WHERE closed_run IS NULL OR refused
) w
CROSS JOIN state.source s ON s.source_id = w.source_id
LEFT JOIN contact_point p ON p.value = w.contact_value AND p.channel = w.contact_channel
WHERE w.place = 1;

CREATE INDEX consent_customer ON consent (golden_id);
CREATE INDEX consent_value ON consent (contact_value);
