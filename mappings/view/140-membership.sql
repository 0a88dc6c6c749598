-- Cards and points.
-- touched: membership.membership_id
CREATE TABLE membership (
    membership_id INTEGER PRIMARY KEY,
    golden_id TEXT,
    card_number TEXT NOT NULL,
    joined_on TEXT,
    prepaid REAL,
    points_earned INTEGER,
    points_spent INTEGER,
    points INTEGER,       -- what is left
    source TEXT NOT NULL,
    customer_key TEXT
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
