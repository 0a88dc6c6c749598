-- Cards and points.
-- touched: membership.membership_id
CREATE TABLE membership (
    membership_id INTEGER PRIMARY KEY, -- of the state's record
    golden_id TEXT,       -- whose card it is; empty: the number at the source is not known
    card_number TEXT NOT NULL, -- as printed
    joined_on TEXT,       -- first day
    prepaid REAL,         -- amount paid ahead
    points_earned INTEGER, -- ever
    points_spent INTEGER, -- ever
    points INTEGER,       -- what is left
    source TEXT NOT NULL,
    customer_key TEXT     -- the member's number at the source
);

INSERT INTO membership
SELECT r.record_id, n.golden_id, r.card_number, r.joined_on, r.prepaid, r.points_earned, r.points_spent,
       r.points_earned - coalesce(r.points_spent, 0), s.name, r.customer_key
FROM each_record_membership r
CROSS JOIN state.source s ON s.source_id = r.source_id
LEFT JOIN customer_number n ON n.source_id = r.source_id AND n.customer_key = r.customer_key
WHERE r.closed_run IS NULL;

CREATE INDEX membership_customer ON membership (golden_id);
CREATE INDEX membership_card ON membership (card_number);
