-- id: M-13-owned
-- name: Articles on partners' sites
-- formula: distinct articles that match the campaign in any class, on the sites of registered organisations
-- unit: articles
-- of: articles
-- class: any
-- caveat: counted apart: what partners publish themselves is no media pickup
-- valid_from: 2026-11-21
-- version: 1
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE kind = 'article' AND relation = 'owned' AND class NOT IN ('owned', 'comparison')
GROUP BY bucket, key
