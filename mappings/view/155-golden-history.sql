-- What became of each golden id. Nothing is ever taken back, so that only new runs are added.
-- touched: golden_history
CREATE TABLE golden_history (
    golden_id TEXT NOT NULL, -- to which it happened
    as_of TEXT,              -- the run's day
    run_id INTEGER,          -- the run in which it happened
    event TEXT NOT NULL,     -- issued, merged_into, split_from, revived, erased, retired
    other_id TEXT            -- merged_into, split_from: the other customer
);

INSERT INTO golden_history
SELECT golden_id, as_of, run_id, event, other_id FROM state.golden_history
WHERE run_id > (SELECT coalesce(max(run_id), 0) FROM golden_history);

CREATE INDEX golden_history_id ON golden_history (golden_id);
