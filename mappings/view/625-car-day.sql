-- Cars that stand otherwise by nothing but the day (see vehicle_status).
-- nights only
-- Inspections are due by anniversaries of the first sale.
INSERT OR IGNORE INTO touched_vin
SELECT v.vin
FROM vehicle v
CROSS JOIN (SELECT value AS day FROM former_parameter WHERE name = 'as_of') f
CROSS JOIN (SELECT value AS day FROM parameter WHERE name = 'as_of') n
WHERE substr(n.day, 1, 4) + (substr(n.day, 6) > substr(v.first_sold_on, 6))
   <> substr(f.day, 1, 4) + (substr(f.day, 6) > substr(v.first_sold_on, 6));

-- Visits and resales that were dated ahead and are over now.
INSERT OR IGNORE INTO touched_vin SELECT vin FROM passed_visit WHERE vin IS NOT NULL;

DROP TABLE passed_visit;

INSERT OR IGNORE INTO touched_vin
SELECT h.vin
FROM owner_change h
CROSS JOIN (SELECT value AS day FROM former_parameter WHERE name = 'as_of') f
CROSS JOIN (SELECT value AS day FROM parameter WHERE name = 'as_of') n
WHERE h.changed_on > f.day AND h.changed_on <= n.day;

-- On the first night of a month the months with visits move on by one.
CREATE TEMP TABLE month_passed AS
SELECT month_number(n.value) - month_number(f.value) AS months
FROM former_parameter f
CROSS JOIN parameter n ON n.name = 'as_of'
WHERE f.name = 'as_of' AND month_number(f.value) <> month_number(n.value);

UPDATE vehicle_status
SET visit_months = visit_months << (SELECT months FROM month_passed) & 9223372036854775807
WHERE visit_months <> 0 AND EXISTS (SELECT 1 FROM month_passed);

DROP TABLE month_passed;
