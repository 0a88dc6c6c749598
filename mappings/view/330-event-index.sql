-- Both indexes hold what is counted about a customer or a car, so that counting reads the index, in
-- its order, and not the table.
-- touched: event
CREATE INDEX event_customer ON event (golden_id, type, date, amount, dealer, odometer_km);

-- A visit without a customer number is of whoever had the car that day.
UPDATE event
SET golden_id = o.golden_id, linked_by = 'VIN''s owner'
FROM (
    SELECT e.event_id, min(w.golden_id) AS golden_id
    FROM each_event e
    CROSS JOIN ownership w ON w.vin = e.vin
    WHERE e.golden_id IS NULL AND e.type = 'service'
      AND coalesce(w.from_date <= e.date, 1) AND coalesce(w.to_date > e.date, 1)
    GROUP BY e.event_id
    HAVING count(*) = 1
) o
WHERE event.event_id = o.event_id;

CREATE INDEX event_vehicle ON event (vin, type, date, odometer_km, detail, dealer, golden_id);

-- Few: for whom a customer with this number turns up one day.
CREATE INDEX event_without_number ON event (customer_key)
WHERE linked_by IS NOT 'customer number' AND customer_key IS NOT NULL;
