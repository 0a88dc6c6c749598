-- One sale a customer, car and day, whatever the number of records that tell of it.
INSERT INTO event (golden_id, type, date, dealer, vin, detail, amount, source, customer_key,
                   linked_by)
SELECT golden_id, 'sale', from_date, dealer, vin, model, price, dealer, customer_key,
       'customer number'
FROM ownership
WHERE from_date IS NOT NULL;
