-- id: M-06
-- name: Views
-- formula: sum of the latest view counter of the posts of M-01 that have one; YouTube stands apart
-- unit: views
-- of: posts
-- class: hashtag
-- caveat: as each platform counts them; never added to audiences
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: yes
-- reason: no post says such a number
SELECT bucket, key, sum(views) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(views) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND views IS NOT NULL AND NOT apart
GROUP BY bucket, key
