-- A customer who has two numbers at one dealer has the same visit under both. Equal dealer, car,
-- day, job, amount and odometer make it the same visit; order numbers tell visits apart only under
-- one and the same customer number, for the second record got an order number of its own. So a
-- visit counts as often as it stands under the customer number where it stands most.
-- touched: visit_again.golden_id, event
-- The visits that stand in `event` already.
CREATE TABLE visit_again (
    event_id INTEGER PRIMARY KEY, -- as it would be there
    golden_id TEXT NOT NULL       -- whose visit it is
);

CREATE TEMP TABLE twice_number (
    golden_id TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (golden_id, source)
) WITHOUT ROWID;

INSERT INTO twice_number
SELECT golden_id, source FROM each_customer_source GROUP BY golden_id, source HAVING count(*) > 1;

INSERT INTO visit_again
SELECT event_id, golden_id
FROM (
    SELECT event_id, golden_id,
           row_number() OVER (PARTITION BY golden_id, source, vin, date, detail, amount,
                                           odometer_km, nth
                              ORDER BY number, customer_key, event_id) AS place
    FROM (
        SELECT e.event_id, e.golden_id, e.source, e.vin, e.date, e.detail, e.amount, e.odometer_km,
               e.number, e.customer_key,
               CASE WHEN e.number IS NULL THEN 1
                    ELSE dense_rank() OVER (PARTITION BY e.golden_id, e.source, e.vin, e.date,
                                                         e.detail, e.amount, e.odometer_km,
                                                         e.customer_key
                                            ORDER BY e.number)
               END AS nth
        FROM each_event e
        CROSS JOIN twice_number t ON t.golden_id = e.golden_id AND t.source = e.source
        WHERE e.type = 'service'
    )
)
WHERE place > 1;

DROP TABLE twice_number;

DELETE FROM event WHERE event_id IN (SELECT event_id FROM each_visit_again);

CREATE INDEX visit_again_customer ON visit_again (golden_id);
