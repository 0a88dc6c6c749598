-- What a customer's cards are worth together, at every dealer: when customers merge, so do their
-- cards. The level goes by points ever earned or by the prepaid amount, whichever gives the higher.
-- touched: member_level.golden_id
CREATE TABLE member_level (
    golden_id TEXT NOT NULL PRIMARY KEY,
    cards INTEGER NOT NULL,         -- that the customer has
    joined_on TEXT,                 -- the first card
    prepaid REAL NOT NULL,          -- left on all cards together
    points_earned INTEGER NOT NULL, -- ever, on all cards
    points_spent INTEGER NOT NULL,  -- ever, on all cards
    points INTEGER NOT NULL,        -- left, to be spent at any dealer
    level TEXT NOT NULL,            -- member, silver, gold, platinum
    level_rank INTEGER NOT NULL     -- 0 to 3
) WITHOUT ROWID;

INSERT INTO member_level
SELECT golden_id, cards, joined_on, prepaid, earned, spent, earned - spent,
       CASE level_rank WHEN 3 THEN 'platinum' WHEN 2 THEN 'gold' WHEN 1 THEN 'silver' ELSE 'member' END,
       level_rank
FROM (
    SELECT *,
           CASE WHEN earned >= (SELECT value FROM parameter WHERE name = 'level_points_platinum')
                     OR prepaid >= (SELECT value FROM parameter WHERE name = 'level_prepaid_platinum')
                    THEN 3
                WHEN earned >= (SELECT value FROM parameter WHERE name = 'level_points_gold')
                     OR prepaid >= (SELECT value FROM parameter WHERE name = 'level_prepaid_gold')
                    THEN 2
                WHEN earned >= (SELECT value FROM parameter WHERE name = 'level_points_silver')
                     OR prepaid >= (SELECT value FROM parameter WHERE name = 'level_prepaid_silver')
                    THEN 1
                ELSE 0 END AS level_rank
    FROM (
        SELECT golden_id, count(*) AS cards, min(joined_on) AS joined_on,
               coalesce(sum(prepaid), 0) AS prepaid, coalesce(sum(points_earned), 0) AS earned,
               coalesce(sum(points_spent), 0) AS spent
        FROM each_membership_by_golden_id
        WHERE golden_id IS NOT NULL
        GROUP BY golden_id
    )
)
ORDER BY golden_id;
