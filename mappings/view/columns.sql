-- Columns that mean the same in every table. It makes no table: the data dictionary takes a meaning
-- from here where a table gives its column none.
CREATE TABLE columns (
    golden_id TEXT,     -- the customer, see customer; an id that was merged away is in golden_alias
    household_id TEXT,  -- the household, see household; the customer's own id when it is one person's
    vin TEXT,           -- vehicle identification number (ISO 3779)
    plate TEXT,         -- number plate, as it is compared
    source TEXT,        -- the feed that it came from: a dealer's, or headquarters'
    dealer TEXT,        -- the dealer, see dealer
    contact_value TEXT  -- the number or address itself
);
