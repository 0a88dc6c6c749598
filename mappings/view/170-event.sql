-- What happened: sales, services, complaints, leads, one row each.
-- touched: event.event_id
CREATE TABLE event (
    event_id INTEGER PRIMARY KEY, -- of the state's record: its number for a service; 10,000,000,000
                                  -- more for a lead, 20,… for a sale, 30,… for a complaint
    golden_id TEXT,      -- whose it is; empty: nobody was found
    type TEXT NOT NULL,  -- sale, service, complaint, lead
    date TEXT,           -- YYYY-MM-DD, local
    dealer TEXT,         -- where it happened; a lead: the dealer asked
    vin TEXT,            -- the car; empty: none was named
    number TEXT,         -- order, case or lead number
    detail TEXT,         -- sale: model; service: job; complaint: category; lead: interest, model
    status TEXT,         -- of a complaint or lead, a code
    amount REAL,         -- price or what the visit cost
    odometer_km INTEGER, -- read at a visit
    closed_on TEXT,      -- of a complaint
    result TEXT,         -- a complaint's settlement; when a lead means to buy
    source TEXT NOT NULL,
    customer_key TEXT,   -- the customer's number at the source
    linked_by TEXT       -- how the customer was found
);

INSERT INTO event (event_id, golden_id, type, date, dealer, vin, number, detail, amount,
                   odometer_km, source, customer_key, linked_by)
SELECT r.record_id, n.golden_id, 'service', r.service_date, s.name, r.vin, r.order_number, r.job,
       r.amount, r.odometer_km, s.name, r.customer_key,
       CASE WHEN n.golden_id IS NOT NULL THEN 'customer number' END
FROM each_record_service r
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.customer_key
WHERE r.closed_run IS NULL;

INSERT INTO event (event_id, golden_id, type, date, dealer, number, detail, status, result, source,
                   customer_key, linked_by)
SELECT r.record_id + 10000000000, n.golden_id, 'lead', substr(r.requested_at, 1, 10), r.dealer,
       r.number,
       ltrim(coalesce(r.interest, '') || coalesce(' ' || r.brand, '') || coalesce(' ' || r.model, '')),
       r.status, r.timeframe, s.name, r.customer_key,
       CASE WHEN n.golden_id IS NOT NULL THEN 'customer number' END
FROM each_record_lead r
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.customer_key
WHERE r.closed_run IS NULL;
