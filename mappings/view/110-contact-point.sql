-- Every mobile, landline and e-mail of a customer, from all live records, with what is known about
-- how good it is.
-- touched: contact_point.golden_id
CREATE TABLE contact_point (
    golden_id TEXT NOT NULL,
    channel TEXT NOT NULL,      -- mobile, landline, email
    value TEXT NOT NULL,        -- the number or address, as it is compared
    quality TEXT NOT NULL,      -- shared: held by many customers, see contact_shared_from
                                -- former: the preferred one stands in a newer record
                                -- confirmed: two sources or more know it
                                -- single: one source knows it
    shared_by INTEGER NOT NULL, -- customers that have it
    is_preferred INTEGER NOT NULL, -- 1: the value of the golden record
    records INTEGER NOT NULL,   -- that have it
    last_seen TEXT,             -- newest change of a record that has it
    e164 TEXT                   -- the number as it is dialled from anywhere, without its extension;
                                -- none: an e-mail, or a landline without its area code
);

CREATE TEMP TABLE contact (
    channel TEXT NOT NULL,
    golden_number INTEGER NOT NULL,
    value TEXT NOT NULL,
    confirmed INTEGER NOT NULL,
    records INTEGER NOT NULL,
    last_seen TEXT,
    PRIMARY KEY (channel, golden_number, value)
) WITHOUT ROWID;

INSERT INTO contact
SELECT 'mobile', x.golden_number, r.mobile, min(r.source_id) < max(r.source_id), count(*),
       max(r.updated_at)
FROM each_record_customer r
CROSS JOIN state.crosswalk x ON x.record_id = r.record_id
WHERE r.closed_run IS NULL AND r.mobile IS NOT NULL
GROUP BY x.golden_number, r.mobile;

INSERT INTO contact
SELECT 'landline', x.golden_number, r.landline, min(r.source_id) < max(r.source_id), count(*),
       max(r.updated_at)
FROM each_record_customer r
CROSS JOIN state.crosswalk x ON x.record_id = r.record_id
WHERE r.closed_run IS NULL AND r.landline IS NOT NULL
GROUP BY x.golden_number, r.landline;

INSERT INTO contact
SELECT 'email', x.golden_number, r.email, min(r.source_id) < max(r.source_id), count(*),
       max(r.updated_at)
FROM each_record_customer r
CROSS JOIN state.crosswalk x ON x.record_id = r.record_id
WHERE r.closed_run IS NULL AND r.email IS NOT NULL
GROUP BY x.golden_number, r.email;

-- Few values are shared, so only those are kept to be looked up.
CREATE TEMP TABLE shared_contact (
    channel TEXT NOT NULL,
    value TEXT NOT NULL,
    customers INTEGER NOT NULL,
    PRIMARY KEY (channel, value)
) WITHOUT ROWID;

INSERT INTO shared_contact
SELECT channel, value, count(*) FROM contact GROUP BY channel, value HAVING count(*) > 1;

-- With those who are not touched (in a full build the table is empty).
INSERT INTO shared_contact
SELECT k.channel, k.value, count(DISTINCT k.golden_number) + count(DISTINCT p.golden_id)
FROM contact k
CROSS JOIN contact_point p ON p.value = k.value AND p.channel = k.channel
WHERE true
GROUP BY k.channel, k.value
ON CONFLICT (channel, value) DO UPDATE SET customers = excluded.customers;

INSERT INTO contact_point
SELECT golden_id, channel, value,
       CASE
           WHEN shared_by >= (SELECT value FROM parameter WHERE name = 'contact_shared_from')
               THEN 'shared'
           -- Asked for the few values only that are not preferred.
           WHEN value <> preferred AND last_seen <
                (SELECT p.last_seen FROM contact p
                 WHERE p.channel = c.channel AND p.golden_number = c.golden_number
                   AND p.value = c.preferred)
               THEN 'former'
           WHEN confirmed THEN 'confirmed'
           ELSE 'single'
       END,
       shared_by, value IS preferred, records, last_seen,
       CASE
           WHEN channel = 'email' THEN NULL
           WHEN value GLOB '+*' THEN substr(value, 1, instr(value || '-', '-') - 1)
           WHEN value GLOB '1[3-9]?????????*' OR value GLOB '[48]00???????*'
               THEN '+86' || substr(value, 1, instr(value || '-', '-') - 1)
           -- 021-62345678-801
           WHEN value GLOB '0*-*'
               THEN '+86' || substr(value, 2, instr(value, '-') - 2)
                          || substr(value, instr(value, '-') + 1,
                                    instr(substr(value, instr(value, '-') + 1) || '-', '-') - 1)
       END
FROM (
    SELECT g.golden_id, k.golden_number, k.channel, k.value, k.confirmed, k.records, k.last_seen,
           coalesce(s.customers, 1) AS shared_by,
           CASE k.channel WHEN 'mobile' THEN g.mobile WHEN 'landline' THEN g.landline
                          ELSE g.email END AS preferred
    FROM contact k
    CROSS JOIN state.golden g ON g.golden_number = k.golden_number
    LEFT JOIN shared_contact s ON s.channel = k.channel AND s.value = k.value
) c;

DROP TABLE shared_contact;
DROP TABLE contact;

CREATE INDEX contact_point_customer ON contact_point (golden_id);
CREATE INDEX contact_point_value ON contact_point (value);
