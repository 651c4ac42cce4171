-- id: M-13-outlets
-- name: Outlets
-- formula: distinct registrable domains among the articles of M-13
-- unit: outlets
-- of: articles
-- class: any
-- caveat: an article whose outlet an aggregator hides has none; editions and blogs of one domain are one outlet
-- valid_from: 2026-11-21
-- version: 1
-- empty: 0
-- additive: no
SELECT bucket, key, count(DISTINCT outlet) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE kind = 'article' AND relation = 'pickup' AND class NOT IN ('owned', 'comparison')
GROUP BY bucket, key
