-- A customer who has two numbers at one dealer has the same visit under both. Equal dealer, car,
-- day, job, amount and odometer make it the same visit; order numbers tell visits apart only under
-- one and the same customer number, for the second record got an order number of its own. So a
-- visit counts as often as it stands under the customer number where it stands most.
CREATE INDEX event_customer ON event (golden_id, type, date);

CREATE TEMP TABLE twice_customer (golden_id TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT OR IGNORE INTO twice_customer
SELECT golden_id FROM customer_number GROUP BY golden_id, source_id HAVING count(*) > 1;

-- Of them only the days with two visits: the index alone knows, no event has to be read for it.
CREATE TEMP TABLE twice_day (golden_id TEXT NOT NULL, date TEXT);

INSERT INTO twice_day
SELECT t.golden_id, e.date
FROM twice_customer t
CROSS JOIN event e ON e.golden_id = t.golden_id AND e.type = 'service'
GROUP BY t.golden_id, e.date
HAVING count(*) > 1;

DELETE FROM event
WHERE event_id IN (
    SELECT event_id
    FROM (
        SELECT event_id,
               row_number() OVER (PARTITION BY golden_id, dealer, vin, date, detail, amount,
                                               odometer_km, nth
                                  ORDER BY number, customer_key, event_id) AS place
        FROM (
            SELECT e.event_id, e.golden_id, e.dealer, e.vin, e.date, e.detail, e.amount,
                   e.odometer_km, e.number, e.customer_key,
                   CASE WHEN e.number IS NULL THEN 1
                        ELSE dense_rank() OVER (PARTITION BY e.golden_id, e.dealer, e.vin, e.date,
                                                             e.detail, e.amount, e.odometer_km,
                                                             e.customer_key
                                                ORDER BY e.number)
                   END AS nth
            FROM twice_day t
            CROSS JOIN event e ON e.golden_id = t.golden_id AND e.type = 'service'
                              AND e.date IS t.date
        )
    )
    WHERE place > 1
);

DROP TABLE twice_day;
DROP TABLE twice_customer;

-- A visit without a customer number is of whoever had the car that day.
UPDATE event
SET golden_id = o.golden_id, linked_by = 'VIN''s owner'
FROM (
    SELECT e.event_id, min(w.golden_id) AS golden_id
    FROM event e
    CROSS JOIN ownership w ON w.vin = e.vin
    WHERE e.golden_id IS NULL AND e.type = 'service'
      AND coalesce(w.from_date <= e.date, 1) AND coalesce(w.to_date > e.date, 1)
    GROUP BY e.event_id
    HAVING count(*) = 1
) o
WHERE event.event_id = o.event_id;

CREATE INDEX event_vehicle ON event (vin, date);
