-- Persons who live together: they have the same address (with a number in it), or a mobile or
-- landline that only a few have, or a steward says so. Who has neither is a household alone, and not
-- listed. A row's household is the smallest golden id that can be reached through address, number,
-- address. What two share alone does not count when a steward says that they are no household.
-- touched: household.golden_id
CREATE TABLE household (
    golden_id TEXT NOT NULL PRIMARY KEY, -- the member
    household_id TEXT NOT NULL, -- the smallest golden id of its members
    evidence TEXT NOT NULL  -- address, contact, steward: what ties this member to another
) WITHOUT ROWID;

-- On a night: of all whom a touched customer's household can depend on (near_customer).
CREATE TEMP TABLE home (
    golden_id TEXT NOT NULL PRIMARY KEY,
    label TEXT NOT NULL
) WITHOUT ROWID;

INSERT INTO home
SELECT c.golden_id, h.label
FROM (
    SELECT address, min(golden_id) AS label, max(golden_id) AS last, count(*) AS persons
    FROM each_customer_by_near
    WHERE type = 'person' AND address GLOB '*[0-9]*'
    GROUP BY address
    HAVING count(*) BETWEEN 2 AND (SELECT value FROM parameter WHERE name = 'contact_shared_from') - 1
) h
CROSS JOIN customer c ON c.address = h.address
WHERE c.type = 'person'
  AND NOT (h.persons = 2
           AND EXISTS (SELECT 1 FROM relation_decision d
                       WHERE d.golden_id = h.label AND d.other_golden_id = h.last
                         AND d.type = 'household' AND NOT d.holds))
ORDER BY 1;

CREATE TEMP TABLE line (
    value TEXT NOT NULL,
    golden_id TEXT NOT NULL,
    PRIMARY KEY (value, golden_id)
) WITHOUT ROWID;

INSERT OR IGNORE INTO line
SELECT p.value, p.golden_id
FROM each_contact_point_by_near p
CROSS JOIN customer c ON c.golden_id = p.golden_id
WHERE p.shared_by > 1 AND p.quality NOT IN ('shared', 'former') AND p.channel <> 'email'
  AND c.type = 'person'
ORDER BY 1, 2;

DELETE FROM line
WHERE value IN (SELECT v.value
                FROM (SELECT value, min(golden_id) AS a, max(golden_id) AS b
                      FROM line
                      GROUP BY value
                      HAVING count(*) = 2) v
                CROSS JOIN relation_decision d ON d.golden_id = v.a AND d.other_golden_id = v.b
                WHERE d.type = 'household' AND NOT d.holds);

-- A steward's word ties two as a number does.
INSERT OR IGNORE INTO line
SELECT 'steward ' || min(d.golden_id, d.other_golden_id) || max(d.golden_id, d.other_golden_id),
       d.golden_id
FROM relation_decision d
CROSS JOIN each_customer_by_near c ON c.golden_id = d.golden_id
CROSS JOIN customer o ON o.golden_id = d.other_golden_id
WHERE d.type = 'household' AND d.holds AND c.type = 'person' AND o.type = 'person'
ORDER BY 1, 2;

-- The address's label, then the smallest one on a line, then the smallest one of those at the address.
CREATE TEMP TABLE on_line (
    golden_id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    by_number INTEGER NOT NULL -- 0: only a steward's word
) WITHOUT ROWID;

INSERT INTO on_line
SELECT m.golden_id, min(v.label), max(v.value NOT GLOB 'steward *')
FROM (SELECT l.value, min(coalesce(h.label, l.golden_id)) AS label
      FROM line l LEFT JOIN home h ON h.golden_id = l.golden_id
      GROUP BY l.value
      HAVING count(*) > 1) v
CROSS JOIN line m ON m.value = v.value
GROUP BY m.golden_id;

CREATE TEMP TABLE at_home (label TEXT PRIMARY KEY, reached TEXT NOT NULL) WITHOUT ROWID;

INSERT INTO at_home
SELECT h.label, min(coalesce(o.label, h.label))
FROM home h LEFT JOIN on_line o ON o.golden_id = h.golden_id
GROUP BY h.label;

INSERT INTO household
SELECT m.golden_id, coalesce(a.reached, o.label),
       CASE WHEN h.label IS NOT NULL THEN 'address' WHEN o.by_number THEN 'contact'
            ELSE 'steward' END
FROM (SELECT golden_id FROM home UNION SELECT golden_id FROM on_line) m
CROSS JOIN each_customer c ON c.golden_id = m.golden_id
LEFT JOIN home h ON h.golden_id = m.golden_id
LEFT JOIN at_home a ON a.label = h.label
LEFT JOIN on_line o ON o.golden_id = m.golden_id
ORDER BY 1;

DROP TABLE at_home;
DROP TABLE on_line;
DROP TABLE line;
DROP TABLE home;

CREATE INDEX household_id ON household (household_id);
