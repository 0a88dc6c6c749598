-- What stewards had said up to the former run, to be compared in 530-near.sql.
-- nights only
CREATE TEMP TABLE relation_before AS
SELECT golden_id, other_golden_id, type, holds FROM relation_decision;
