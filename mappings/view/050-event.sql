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

-- One sale a customer, car and day, whatever the number of records that tell of it.
INSERT INTO event (golden_id, type, date, dealer, vin, detail, amount, source, customer_key,
                   linked_by)
SELECT golden_id, 'sale', from_date, dealer, vin, model, price, dealer, customer_key,
       'customer number'
FROM ownership
WHERE from_date IS NOT NULL;

INSERT INTO event (golden_id, type, date, dealer, vin, number, detail, amount, odometer_km, source,
                   customer_key, linked_by)
SELECT n.golden_id, 'service', r.service_date, s.name, r.vin, r.order_number, r.job, r.amount,
       r.odometer_km, s.name, r.customer_key,
       CASE WHEN n.golden_id IS NOT NULL THEN 'customer number' END
FROM state.record_service r
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.customer_key
WHERE r.closed_run IS NULL;

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
