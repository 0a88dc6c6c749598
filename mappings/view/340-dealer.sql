-- The dealers and the other sources, with what they have.
CREATE TABLE dealer (
    dealer TEXT NOT NULL,       -- or headquarters' source
    format TEXT,           -- csv, xml, odbc
    mapping TEXT,               -- the dialect of its system
    trust INTEGER,              -- 0 to 100: the more, the rather its values survive
    status TEXT,           -- of its last reading: ok, missing, failed
    last_good_as_of TEXT,       -- the day of its data
    message TEXT,               -- why its last reading failed
    customers INTEGER NOT NULL, -- golden customers that it knows
    records INTEGER NOT NULL,   -- customer records
    cars INTEGER NOT NULL,      -- ownership records
    services INTEGER NOT NULL   -- workshop visits
);

CREATE TEMP TABLE source_rows AS
SELECT dealer, entity, max(rows) AS rows FROM data_quality GROUP BY dealer, entity;

INSERT INTO dealer
SELECT s.name, s.kind, s.mapping, s.trust, s.status, s.last_good_as_of, s.message,
       coalesce(k.customers, 0), coalesce(c.rows, 0), coalesce(o.rows, 0), coalesce(v.rows, 0)
FROM state.source s
LEFT JOIN (SELECT source, count(*) AS customers
           FROM (SELECT DISTINCT golden_id, source FROM customer_source)
           GROUP BY source) k ON k.source = s.name
LEFT JOIN source_rows c ON c.dealer = s.name AND c.entity = 'customer'
LEFT JOIN source_rows o ON o.dealer = s.name AND o.entity = 'ownership'
LEFT JOIN source_rows v ON v.dealer = s.name AND v.entity = 'service'
ORDER BY s.name;

DROP TABLE source_rows;
