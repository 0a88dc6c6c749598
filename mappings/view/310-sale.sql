-- One sale a customer, car and day, whatever the number of records that tell of it.
-- touched: event
INSERT INTO event (event_id, golden_id, type, date, dealer, vin, detail, amount, source, customer_key,
                   linked_by)
SELECT ownership_id + 20000000000, golden_id, 'sale', from_date, dealer, vin, model, price, dealer, customer_key,
       'customer number'
FROM each_ownership
WHERE from_date IS NOT NULL;
