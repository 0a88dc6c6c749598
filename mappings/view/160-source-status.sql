-- How each source stood when the view was made: whose data are of today and whose are older. A
-- source that was late, missing, not readable or frozen by a gate keeps its last good data.
CREATE TABLE source_status (
    source TEXT PRIMARY KEY,
    status TEXT NOT NULL,    -- ok, late, missing, failed, frozen, left
    last_good_as_of TEXT,    -- the day of its data; empty: it never gave any
    stale_days INTEGER,      -- how old they are; empty: it never gave any
    message TEXT             -- why it is not ok
);

INSERT INTO source_status
SELECT name, coalesce(status, 'ok'), last_good_as_of,
       max(0, CAST(julianday((SELECT value FROM parameter WHERE name = 'as_of'))
                   - julianday(last_good_as_of) AS INTEGER)),
       message
FROM state.source
ORDER BY name;
