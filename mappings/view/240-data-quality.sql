-- How good each source's records are, field by field, at its last good reading. The run counts while
-- it reads; parts of a field (the city of an address) are as good as the field and not listed.
CREATE TABLE data_quality (
    dealer TEXT NOT NULL,   -- or headquarters' source
    entity TEXT NOT NULL,      -- customer, ownership, service … of model.yaml
    field TEXT NOT NULL,       -- of that entity
    rows INTEGER NOT NULL,     -- living records
    filled INTEGER NOT NULL,   -- have a value
    valid INTEGER NOT NULL,    -- of those filled: without a warning
    repaired INTEGER NOT NULL, -- of those filled: the value differs from what came by more than blanks
    warned INTEGER NOT NULL,   -- of those filled: doubtful
    refused INTEGER NOT NULL,  -- a value came, and was blanked by a rule
    shared INTEGER NOT NULL,   -- of those filled: held by too many customers (shared_limit of match.yaml)
    filled_share REAL NOT NULL, -- shares are of rows, 0 to 1
    valid_share REAL NOT NULL, -- without a warning
    repaired_share REAL NOT NULL, -- repaired
    refused_share REAL NOT NULL, -- blanked by a rule
    shared_share REAL NOT NULL -- held by too many
);

INSERT INTO data_quality
SELECT s.name, q.entity, q.field, q.rows, q.filled, q.filled - q.warned, q.repaired, q.warned,
       q.refused, q.shared, round(1.0 * q.filled / q.rows, 4),
       round(1.0 * (q.filled - q.warned) / q.rows, 4), round(1.0 * q.repaired / q.rows, 4),
       round(1.0 * q.refused / q.rows, 4), round(1.0 * q.shared / q.rows, 4)
FROM state.source s
JOIN state.data_quality_run q ON q.source_id = s.source_id AND q.run_id = s.last_good_run
ORDER BY s.name, q.entity, q.field;

-- The same over the last runs; a source that was missing in a run has no row of it.
CREATE TABLE data_quality_trend (
    run_id INTEGER NOT NULL,   -- which run counted it
    as_of TEXT NOT NULL,       -- that run's day
    dealer TEXT NOT NULL,      -- or headquarters' source
    entity TEXT NOT NULL,      -- as in data_quality; so are all columns that follow
    field TEXT NOT NULL,       -- of that entity
    rows INTEGER NOT NULL,     -- living records
    filled INTEGER NOT NULL,   -- have a value
    valid INTEGER NOT NULL,    -- of those filled: without a warning
    repaired INTEGER NOT NULL, -- of those filled: changed by more than blanks
    warned INTEGER NOT NULL,   -- of those filled: doubtful
    refused INTEGER NOT NULL,  -- blanked by a rule
    shared INTEGER NOT NULL    -- held by too many customers
);

INSERT INTO data_quality_trend
SELECT q.run_id, r.as_of, s.name, q.entity, q.field, q.rows, q.filled, q.filled - q.warned,
       q.repaired, q.warned, q.refused, q.shared
FROM state.run r
JOIN state.data_quality_run q ON q.run_id = r.run_id
JOIN state.source s ON s.source_id = q.source_id
WHERE r.run_id IN (SELECT DISTINCT run_id FROM state.data_quality_run
                   WHERE run_id <= (SELECT CAST(value AS INTEGER) FROM parameter
                                    WHERE name = 'run_id')
                   ORDER BY run_id DESC
                   LIMIT (SELECT value FROM parameter WHERE name = 'trend_runs'))
ORDER BY q.run_id, s.name, q.entity, q.field;
