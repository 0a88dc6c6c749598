-- Whose complaint it is: candidates are those who have or had the car, and those who have the
-- caller's mobile. The strongest evidence decides; where only the car or only the mobile speaks,
-- and for several customers, it stays open.
-- touched: event
CREATE TEMP TABLE complaint_candidate AS
SELECT e.record_id, e.golden_id,
       CASE
           WHEN e.car AND e.mobile THEN 1
           WHEN e.owner_then AND e.same_name THEN 2
           WHEN e.car AND e.same_name THEN 3
           WHEN e.mobile AND e.same_name THEN 4
           WHEN e.owner_then THEN 5
           WHEN e.mobile THEN 6
       END AS evidence
FROM (
    SELECT v.record_id, v.golden_id, max(v.car) AS car, max(v.owner_then) AS owner_then,
           max(v.mobile) AS mobile, max(v.name IN (c.name, c.name_key)) AS same_name
    FROM (
        SELECT r.record_id, r.name, o.golden_id, 1 AS car, 0 AS mobile,
               coalesce(o.from_date <= r.opened_on, 1) AND coalesce(o.to_date > r.opened_on, 1)
                   AS owner_then
        FROM each_record_complaint r
        CROSS JOIN ownership o ON o.vin = r.vin
        WHERE r.closed_run IS NULL
        UNION ALL
        SELECT r.record_id, r.name, p.golden_id, 0, 1, 0
        FROM each_record_complaint r
        CROSS JOIN contact_point p ON p.value = r.mobile AND p.channel = 'mobile'
        WHERE r.closed_run IS NULL
    ) v
    CROSS JOIN customer c ON c.golden_id = v.golden_id
    GROUP BY v.record_id, v.golden_id
) e;

CREATE TEMP TABLE complaint_customer (
    record_id INTEGER PRIMARY KEY,
    golden_id TEXT NOT NULL,
    evidence INTEGER NOT NULL
);

INSERT INTO complaint_customer
SELECT record_id, min(golden_id), evidence
FROM (
    SELECT record_id, golden_id, evidence,
           rank() OVER (PARTITION BY record_id ORDER BY evidence) AS place
    FROM complaint_candidate
    WHERE evidence IS NOT NULL
)
WHERE place = 1
GROUP BY record_id
HAVING evidence <= 4 OR count(*) = 1;

INSERT INTO event (event_id, golden_id, type, date, vin, number, detail, status, closed_on, result, source,
                   linked_by)
SELECT r.record_id + 30000000000, l.golden_id, 'complaint', r.opened_on, r.vin, r.case_number, r.category, r.status,
       r.closed_on, r.settlement, s.name,
       CASE l.evidence
           WHEN 1 THEN 'VIN and mobile'
           WHEN 2 THEN 'VIN and name'
           WHEN 3 THEN 'VIN and name'
           WHEN 4 THEN 'mobile and name'
           WHEN 5 THEN 'VIN''s owner'
           WHEN 6 THEN 'mobile'
       END
FROM each_record_complaint r
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN complaint_customer l ON l.record_id = r.record_id
WHERE r.closed_run IS NULL;

DROP TABLE complaint_customer;
DROP TABLE complaint_candidate;
