-- Whose household can change when a touched customer moves or has another number, and on whom it
-- depends: a household is reached through address, number, address (see 540-household.sql).
-- nights only
-- A steward's new word, or one that holds no more, touches both of whom it speaks.
INSERT OR IGNORE INTO touched_golden_id
SELECT golden_id
FROM (SELECT * FROM relation_before
      EXCEPT SELECT golden_id, other_golden_id, type, holds FROM relation_decision)
UNION
SELECT golden_id
FROM (SELECT golden_id, other_golden_id, type, holds FROM relation_decision
      EXCEPT SELECT * FROM relation_before);

DROP TABLE relation_before;

INSERT OR IGNORE INTO near_customer SELECT golden_id FROM touched_golden_id;

INSERT OR IGNORE INTO near_customer
SELECT o.golden_id
FROM touched_address a
CROSS JOIN customer o ON o.address = a.address
WHERE o.type = 'person';

INSERT OR IGNORE INTO near_customer
SELECT o.golden_id
FROM near_customer n
CROSS JOIN customer c ON c.golden_id = n.golden_id
CROSS JOIN customer o ON o.address = c.address
WHERE c.type = 'person' AND o.type = 'person';

INSERT OR IGNORE INTO near_customer
SELECT o.golden_id
FROM near_customer n
CROSS JOIN contact_point p ON p.golden_id = n.golden_id
CROSS JOIN contact_point o ON o.value = p.value
WHERE p.shared_by > 1 AND p.quality <> 'shared' AND p.channel <> 'email';

INSERT OR IGNORE INTO near_customer
SELECT d.other_golden_id
FROM near_customer n
CROSS JOIN relation_decision d ON d.golden_id = n.golden_id
WHERE d.holds;

INSERT OR IGNORE INTO near_customer
SELECT o.golden_id
FROM near_customer n
CROSS JOIN customer c ON c.golden_id = n.golden_id
CROSS JOIN customer o ON o.address = c.address
WHERE c.type = 'person' AND o.type = 'person';

INSERT OR IGNORE INTO touched_golden_id SELECT golden_id FROM near_customer;

-- What their households are made of.
INSERT OR IGNORE INTO near_customer
SELECT o.golden_id
FROM near_customer n
CROSS JOIN contact_point p ON p.golden_id = n.golden_id
CROSS JOIN contact_point o ON o.value = p.value
WHERE p.shared_by > 1 AND p.quality <> 'shared' AND p.channel <> 'email';

INSERT OR IGNORE INTO near_customer
SELECT d.other_golden_id
FROM near_customer n
CROSS JOIN relation_decision d ON d.golden_id = n.golden_id
WHERE d.holds;

INSERT OR IGNORE INTO near_customer
SELECT o.golden_id
FROM near_customer n
CROSS JOIN customer c ON c.golden_id = n.golden_id
CROSS JOIN customer o ON o.address = c.address
WHERE c.type = 'person' AND o.type = 'person';
