-- The kinds of leads, what each is worth, and which consent it needs.
CREATE TABLE lead_type (
    type TEXT NOT NULL PRIMARY KEY, -- finance_maturity, win_back … as in open_lead
    label TEXT NOT NULL,     -- what the caller reads
    purpose TEXT NOT NULL,   -- marketing: needs a consent to it
                             -- service: needs a consent to service reminders or to marketing
                             -- request: the customer has asked; must not have opted out
    value REAL NOT NULL      -- what it brings on average; the order of a contact's points
) WITHOUT ROWID;

INSERT INTO lead_type
SELECT 'complaint_follow_up', 'Complaint to be followed up', 'request',
       (SELECT value FROM parameter WHERE name = 'lead_value_complaint_follow_up')
UNION ALL SELECT 'new_car_intent', 'Means to buy a car soon', 'request',
       (SELECT value FROM parameter WHERE name = 'lead_value_new_car_intent')
UNION ALL SELECT 'prospect_contact', 'Prospect''s next contact', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_prospect_contact')
UNION ALL SELECT 'dormant_prospect', 'Prospect who has gone quiet', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_dormant_prospect')
UNION ALL SELECT 'finance_maturity', 'Finance contract ends', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_finance_maturity')
UNION ALL SELECT 'trade_in', 'Car to be traded in for a new one', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_trade_in')
UNION ALL SELECT 'upgrade', 'Candidate for a higher brand', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_upgrade')
UNION ALL SELECT 'buy_back', 'Used car to be bought back', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_buy_back')
UNION ALL SELECT 'insurance_renewal', 'Insurance to be renewed', 'service',
       (SELECT value FROM parameter WHERE name = 'lead_value_insurance_renewal')
UNION ALL SELECT 'extended_warranty', 'Warranty to be extended', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_extended_warranty')
UNION ALL SELECT 'win_back', 'Car that stays away from the workshop', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_win_back')
UNION ALL SELECT 'service_due', 'Service due', 'service',
       (SELECT value FROM parameter WHERE name = 'lead_value_service_due')
UNION ALL SELECT 'inspection_due', 'Inspection due', 'service',
       (SELECT value FROM parameter WHERE name = 'lead_value_inspection_due')
UNION ALL SELECT 'connected_services', 'Connected services end', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_connected_services')
UNION ALL SELECT 'loyalty', 'Loyal customer''s anniversary', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_loyalty')
UNION ALL SELECT 'birthday', 'Birthday', 'marketing',
       (SELECT value FROM parameter WHERE name = 'lead_value_birthday');

-- The days of the year that come next, for anniversaries; 29 February is kept on the 28th when the
-- year has none. Work table.
CREATE TEMP TABLE next_day (month_day TEXT PRIMARY KEY, day TEXT NOT NULL) WITHOUT ROWID;

INSERT INTO next_day
WITH RECURSIVE days (day, n) AS (
    SELECT value, 0 FROM parameter WHERE name = 'as_of'
    UNION ALL
    SELECT date(day, '+1 day'), n + 1 FROM days
    WHERE n < (SELECT value FROM parameter WHERE name = 'anniversary_days')
)
SELECT substr(day, 6), day FROM days
UNION ALL
SELECT '02-29', day FROM days
WHERE substr(day, 6) = '02-28' AND substr(date(day, '+1 day'), 6) = '03-01'
ORDER BY 1;

-- The days up to which leads are looked for: work table of one row.
CREATE TEMP TABLE lead_bound AS
SELECT as_of,
       date(as_of, '+' || (SELECT value FROM parameter WHERE name = 'finance_days') || ' days')
           AS finance_to,
       date(as_of, '+' || (SELECT value FROM parameter WHERE name = 'insurance_days') || ' days')
           AS insurance_to,
       date(as_of, '-' || (SELECT value FROM parameter WHERE name = 'insurance_late_days') || ' days')
           AS insurance_from,
       date(as_of, '+' || (SELECT value FROM parameter WHERE name = 'warranty_days') || ' days')
           AS warranty_to,
       date(as_of, '+' || (SELECT value FROM parameter WHERE name = 'service_days') || ' days')
           AS service_to,
       date(as_of, '-' || (SELECT value FROM parameter WHERE name = 'service_late_days') || ' days')
           AS service_from,
       date(as_of, '-' || (SELECT value FROM parameter WHERE name = 'service_quiet_days') || ' days')
           AS quiet_from,
       date(as_of, '+' || (SELECT value FROM parameter WHERE name = 'inspection_days') || ' days')
           AS inspection_to,
       date(as_of, '+' || (SELECT value FROM parameter WHERE name = 'connected_days') || ' days')
           AS connected_to,
       date(as_of, '-' || (SELECT value FROM parameter WHERE name = 'complaint_closed_days')
                   || ' days') AS closed_from,
       months_after(as_of, -(SELECT value FROM parameter WHERE name = 'win_back_until_months'))
           AS win_back_from,
       months_after(as_of, -(SELECT value FROM parameter WHERE name = 'dormant_months'))
           AS dormant_before
FROM (SELECT value AS as_of FROM parameter WHERE name = 'as_of');

-- Every reason to talk to a customer that is open today, whether or not anybody may.
CREATE TABLE open_lead (
    golden_id TEXT NOT NULL,
    type TEXT NOT NULL,      -- see lead_type
    subject TEXT NOT NULL,   -- the VIN, the request's or the case's number; empty: the customer
    dealer TEXT,             -- whose it would be: where the car was last, or who was asked; of one
                             -- that has left the group: where the customer was last besides
    due_on TEXT NOT NULL,    -- when the talk should be had
    contact_by TEXT,         -- the last moment, local time; empty: none is set
    value REAL NOT NULL,     -- what it brings on average, of lead_type
    reason TEXT NOT NULL,    -- what a caller has to know
    duplicate_of TEXT,       -- of a request that was asked for before
    PRIMARY KEY (golden_id, type, subject)
) WITHOUT ROWID;

INSERT OR IGNORE INTO open_lead
SELECT l.golden_id, l.type, l.subject,
       CASE WHEN l.dealer IN (SELECT source FROM source_status WHERE status = 'left') THEN
           (SELECT e.dealer FROM event e
            WHERE e.golden_id = l.golden_id AND e.type IN ('sale', 'service')
              AND e.dealer NOT IN (SELECT source FROM source_status WHERE status = 'left')
            ORDER BY e.date DESC, e.dealer LIMIT 1)
       ELSE l.dealer END,
       l.due_on, l.contact_by, t.value, l.reason,
       l.duplicate_of
FROM (
    -- A finance contract ends soon.
    SELECT owner_golden_id AS golden_id, 'finance_maturity' AS type, vin AS subject, dealer,
           finance_ends_on AS due_on, NULL AS contact_by, 'ends on ' || finance_ends_on AS reason,
           NULL AS duplicate_of
    FROM vehicle_status
    WHERE owner_golden_id IS NOT NULL
      AND finance_ends_on BETWEEN (SELECT as_of FROM lead_bound) AND (SELECT finance_to FROM lead_bound)

    -- A policy ends soon, or has ended a short while ago.
    UNION ALL
    SELECT owner_golden_id, 'insurance_renewal', vin, dealer, insurance_ends_on, NULL,
           'ends on ' || insurance_ends_on, NULL
    FROM vehicle_status
    WHERE owner_golden_id IS NOT NULL
      AND insurance_ends_on BETWEEN (SELECT insurance_from FROM lead_bound)
                                AND (SELECT insurance_to FROM lead_bound)

    -- The maker's warranty ends soon, and no extension goes on.
    UNION ALL
    SELECT owner_golden_id, 'extended_warranty', vin, dealer, warranty_ends_on, NULL,
           'warranty ends on ' || warranty_ends_on || ' by ' || warranty_ends_by, NULL
    FROM vehicle_status
    WHERE owner_golden_id IS NOT NULL
      AND warranty_ends_on BETWEEN (SELECT as_of FROM lead_bound)
                               AND (SELECT warranty_to FROM lead_bound)
      AND coalesce(extended_warranty_ends_on, '') <= warranty_ends_on

    -- A car that has not come for more than lost_after_months (and still could).
    UNION ALL
    SELECT owner_golden_id, 'win_back', vin, dealer, (SELECT as_of FROM lead_bound), NULL,
           'last visit ' || last_visit_on, NULL
    FROM vehicle_status
    WHERE owner_golden_id IS NOT NULL AND last_visit_on < (SELECT lost_before FROM bound)
      AND last_visit_on >= (SELECT win_back_from FROM lead_bound)

    -- The next service is due; whoever was there a few weeks ago is left alone.
    UNION ALL
    SELECT owner_golden_id, 'service_due', vin, dealer, next_service_on, NULL,
           'due on ' || next_service_on || ' by ' || next_service_by, NULL
    FROM vehicle_status
    WHERE owner_golden_id IS NOT NULL
      AND next_service_on BETWEEN (SELECT service_from FROM lead_bound)
                              AND (SELECT service_to FROM lead_bound)
      AND coalesce(last_visit_on, '') < (SELECT quiet_from FROM lead_bound)

    UNION ALL
    SELECT owner_golden_id, 'inspection_due', vin, dealer, inspection_due_on, NULL,
           'due on ' || inspection_due_on, NULL
    FROM vehicle_status
    WHERE owner_golden_id IS NOT NULL
      AND inspection_due_on BETWEEN (SELECT as_of FROM lead_bound)
                                AND (SELECT inspection_to FROM lead_bound)

    -- Connected services end three years after the sale.
    UNION ALL
    SELECT owner_golden_id, 'connected_services', vin, dealer, connected_ends_on, NULL,
           'end on ' || connected_ends_on, NULL
    FROM vehicle_status
    WHERE owner_golden_id IS NOT NULL
      AND connected_ends_on BETWEEN (SELECT as_of FROM lead_bound)
                                AND (SELECT connected_to FROM lead_bound)

    -- On the anniversary of the purchase: a car of middle age is bought back, an old one traded in; the
    -- owner of a small car, bought at the right age and in the right occupation, may want a higher brand.
    UNION ALL
    SELECT v.owner_golden_id,
           CASE WHEN v.years < (SELECT value FROM parameter WHERE name = 'trade_in_years')
                THEN 'buy_back' ELSE 'trade_in' END,
           v.vin, s.dealer, v.day, NULL, 'has had the ' || coalesce(v.model, 'car') || ' for '
           || v.years || ' years', NULL
    FROM (
        SELECT v.vin, v.owner_golden_id, v.model, n.day,
               substr(n.day, 1, 4) - substr(v.owned_since, 1, 4) AS years
        FROM vehicle v
        CROSS JOIN next_day n ON n.month_day = substr(v.owned_since, 6)
        WHERE v.owner_golden_id IS NOT NULL
    ) v
    CROSS JOIN vehicle_status s ON s.vin = v.vin
    WHERE v.years BETWEEN (SELECT value FROM parameter WHERE name = 'buy_back_years')
                      AND (SELECT value FROM parameter WHERE name = 'trade_in_years_most')

    UNION ALL
    SELECT v.owner_golden_id, 'upgrade', v.vin, k.home_dealer, v.day, NULL,
           'has a ' || v.model || ' since ' || v.owned_since || '; may want a car of '
           || (SELECT value FROM parameter WHERE name = 'upgrade_brand'), NULL
    FROM (
        SELECT v.vin, v.owner_golden_id, v.model, v.owned_since, n.day,
               substr(n.day, 1, 4) - substr(v.owned_since, 1, 4) AS years
        FROM vehicle v
        CROSS JOIN next_day n ON n.month_day = substr(v.owned_since, 6)
        WHERE v.owner_golden_id IS NOT NULL
          AND v.model IN (SELECT value FROM parameter WHERE name = 'upgrade_models')
    ) v
    CROSS JOIN customer c ON c.golden_id = v.owner_golden_id
    CROSS JOIN customer_value k ON k.golden_id = v.owner_golden_id
    WHERE c.type = 'person'
      AND v.years BETWEEN (SELECT value FROM parameter WHERE name = 'upgrade_years')
                      AND (SELECT value FROM parameter WHERE name = 'upgrade_years_most')
      AND coalesce(c.occupation IN (SELECT value FROM parameter WHERE name = 'upgrade_occupations'), 1)
      AND coalesce(substr(v.owned_since, 1, 4) - substr(c.birth_date, 1, 4)
                   - (substr(v.owned_since, 6) < substr(c.birth_date, 6))
                   BETWEEN (SELECT value FROM parameter WHERE name = 'upgrade_age_least')
                       AND (SELECT value FROM parameter WHERE name = 'upgrade_age_most'), 1)

    -- A birthday, of whoever is or was a customer.
    UNION ALL
    SELECT c.golden_id, 'birthday', '', k.home_dealer, n.day, NULL,
           (substr(n.day, 1, 4) - substr(c.birth_date, 1, 4)) || ' years old', NULL
    FROM customer c
    CROSS JOIN next_day n ON n.month_day = substr(c.birth_date, 6)
    CROSS JOIN customer_value k ON k.golden_id = c.golden_id
    WHERE c.type = 'person' AND k.stage <> 'prospect'

    -- The anniversary of an active customer who has bought several cars or come often.
    UNION ALL
    SELECT k.golden_id, 'loyalty', '', k.home_dealer, n.day, NULL,
           'customer since ' || k.first_activity_on || ', ' || k.sales || ' cars, ' || k.visits
           || ' visits', NULL
    FROM customer_value k
    CROSS JOIN next_day n ON n.month_day = substr(k.first_activity_on, 6)
    WHERE k.stage IN ('active', 'won_back')
      AND (k.sales >= (SELECT value FROM parameter WHERE name = 'loyalty_cars')
           OR k.visits >= (SELECT value FROM parameter WHERE name = 'loyalty_visits'))

    -- A complaint that is open, or was closed a short while ago.
    UNION ALL
    SELECT e.golden_id, 'complaint_follow_up', coalesce(e.number, e.event_id), k.home_dealer,
           (SELECT as_of FROM lead_bound), NULL,
           coalesce(e.detail || ', ', '') || CASE WHEN e.closed_on IS NULL THEN 'open since ' || e.date
                                                  ELSE 'closed on ' || e.closed_on END, NULL
    FROM event e
    CROSS JOIN customer_value k ON k.golden_id = e.golden_id
    WHERE e.type = 'complaint' AND e.date IS NOT NULL
      AND ((e.closed_on IS NULL
            AND coalesce(e.status, '') NOT IN (SELECT value FROM parameter
                                               WHERE name = 'complaint_closed_status'))
           OR e.closed_on >= (SELECT closed_from FROM lead_bound))

    -- Requests: whoever means to buy within intent_months is contacted within intent_contact_hours,
    -- and from then on each month; within half a year each quarter; later each half year. After
    -- dormant_months a request has gone quiet: it comes back each half year as a lead of its own.
    UNION ALL
    SELECT golden_id,
           CASE WHEN requested_at < (SELECT dormant_before FROM lead_bound) THEN 'dormant_prospect'
                WHEN contact_by >= (SELECT as_of FROM lead_bound) THEN 'new_car_intent'
                ELSE 'prospect_contact' END,
           number, dealer,
           CASE WHEN contact_by >= (SELECT as_of FROM lead_bound) THEN substr(contact_by, 1, 10)
                ELSE max(due_on, (SELECT as_of FROM lead_bound)) END,
           CASE WHEN contact_by >= (SELECT as_of FROM lead_bound) THEN contact_by END,
           coalesce(interest, 'asked') || coalesce(' ' || brand, '') || coalesce(' ' || model, '')
           || ' on ' || substr(requested_at, 1, 10)
           || coalesce(', within ' || months || ' months', ''), duplicate_of
    FROM (
        SELECT d.*, months_after(max(substr(d.requested_at, 1, 10), coalesce(m.last_on, '')), CASE
                   WHEN d.requested_at < (SELECT dormant_before FROM lead_bound) THEN 6
                   WHEN d.months <= (SELECT value FROM parameter WHERE name = 'intent_months')
                       THEN 1
                   WHEN d.months <= 6 THEN 3
                   ELSE 6 END) AS due_on
        FROM demand d
        LEFT JOIN (SELECT golden_id, substr(max(contacted_at), 1, 10) AS last_on
                   FROM contact_made GROUP BY golden_id) m ON m.golden_id = d.golden_id
        WHERE d.is_open AND d.requested_at IS NOT NULL
    )
    WHERE contact_by >= (SELECT as_of FROM lead_bound)
       OR due_on <= date((SELECT as_of FROM lead_bound), '+' ||
                         (SELECT value FROM parameter WHERE name = 'anniversary_days') || ' days')
) l
CROSS JOIN lead_type t ON t.type = l.type
-- Of several requests under one number the first to be due.
ORDER BY 1, 2, 3, 5, 4, 6, 8, 9;

DROP TABLE lead_bound;
DROP TABLE next_day;
