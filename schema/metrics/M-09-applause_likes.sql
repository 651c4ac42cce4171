-- id: M-09-applause
-- name: Applause
-- formula: sum of likes / number of the posts that say them; YouTube stands apart
-- unit: likes per post
-- of: posts
-- class: hashtag
-- caveat: per post, not per follower; a post that does not say the counter is in neither sum
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: its sums
-- reason: no post says such a number
SELECT bucket, key, 1.0 * sum(likes) / count(*) AS value, NULL AS low, NULL AS high,
       NULL AS high_known, count(*) AS n, min(read_utc) AS oldest_utc, sum(likes) AS numerator,
       count(*) AS denominator
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart
  AND likes IS NOT NULL
GROUP BY bucket, key
