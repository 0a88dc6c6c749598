-- What happened: sales, services, complaints, leads, one row each.
CREATE TABLE event (
    event_id INTEGER PRIMARY KEY,
    golden_id TEXT,
    type TEXT NOT NULL,  -- sale, service, complaint, lead
    date TEXT,
    dealer TEXT,         -- where it happened; a lead: the dealer asked
    vin TEXT,
    number TEXT,         -- order, case or lead number
    detail TEXT,         -- sale: model; service: job; complaint: category; lead: interest, model
    status TEXT,
    amount REAL,
    odometer_km INTEGER,
    closed_on TEXT,
    result TEXT,         -- a complaint's settlement; when a lead means to buy
    source TEXT NOT NULL,
    customer_key TEXT,   -- the customer's number at the source
    linked_by TEXT       -- how the customer was found
);

-- A customer who has two numbers at one dealer has the same visit under both. Equal dealer, car,
-- day, job, amount and odometer make it the same visit; order numbers tell visits apart only under
-- one and the same customer number, for the second record got an order number of its own. So a
-- visit counts as often as it stands under the customer number where it stands most.
CREATE TEMP TABLE twice_number (
    source_id INTEGER NOT NULL,
    customer_key TEXT NOT NULL,
    golden_number INTEGER NOT NULL,
    PRIMARY KEY (source_id, customer_key)
) WITHOUT ROWID;

INSERT INTO twice_number
SELECT source_id, customer_key, golden_number
FROM (
    SELECT source_id, customer_key, golden_number,
           count(*) OVER (PARTITION BY source_id, golden_number) AS numbers
    FROM customer_number
)
WHERE numbers > 1;

CREATE TEMP TABLE visit_again (record_id INTEGER PRIMARY KEY);

INSERT INTO visit_again
SELECT record_id
FROM (
    SELECT record_id,
           row_number() OVER (PARTITION BY golden_number, source_id, vin, service_date, job,
                                           amount, odometer_km, nth
                              ORDER BY order_number, customer_key, record_id) AS place
    FROM (
        SELECT r.record_id, t.golden_number, r.source_id, r.vin, r.service_date, r.job, r.amount,
               r.odometer_km, r.order_number, r.customer_key,
               CASE WHEN r.order_number IS NULL THEN 1
                    ELSE dense_rank() OVER (PARTITION BY t.golden_number, r.source_id, r.vin,
                                                         r.service_date, r.job, r.amount,
                                                         r.odometer_km, r.customer_key
                                            ORDER BY r.order_number)
               END AS nth
        FROM state.record_service r
        CROSS JOIN twice_number t ON t.source_id = r.source_id
                                 AND t.customer_key = r.customer_key
        WHERE r.closed_run IS NULL
    )
)
WHERE place > 1
ORDER BY record_id;

INSERT INTO event (golden_id, type, date, dealer, vin, number, detail, amount, odometer_km, source,
                   customer_key, linked_by)
SELECT n.golden_id, 'service', r.service_date, s.name, r.vin, r.order_number, r.job, r.amount,
       r.odometer_km, s.name, r.customer_key,
       CASE WHEN n.golden_id IS NOT NULL THEN 'customer number' END
FROM state.record_service r
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.customer_key
WHERE r.closed_run IS NULL
  AND NOT EXISTS (SELECT 1 FROM visit_again a WHERE a.record_id = r.record_id);

DROP TABLE visit_again;
DROP TABLE twice_number;

INSERT INTO event (golden_id, type, date, dealer, number, detail, status, result, source,
                   customer_key, linked_by)
SELECT n.golden_id, 'lead', substr(r.requested_at, 1, 10), r.dealer, r.number,
       ltrim(coalesce(r.interest, '') || coalesce(' ' || r.brand, '') || coalesce(' ' || r.model, '')),
       r.status, r.timeframe, s.name, r.customer_key,
       CASE WHEN n.golden_id IS NOT NULL THEN 'customer number' END
FROM state.record_lead r
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.customer_key
WHERE r.closed_run IS NULL;
