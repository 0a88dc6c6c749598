-- Whose relations may change with those who are touched: those who were related to them, and those
-- who have to do with their cars now.
-- nights only
INSERT OR IGNORE INTO touched_golden_id
SELECT r.other_golden_id
FROM relation r
WHERE r.golden_id IN touched_golden_id;

INSERT OR IGNORE INTO touched_golden_id
SELECT r.golden_id
FROM touched_vin t
CROSS JOIN vehicle_role r ON r.vin = t.vin;
