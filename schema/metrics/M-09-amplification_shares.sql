-- id: M-09-amplification
-- name: Amplification
-- formula: sum of reposts and quotes / number of the posts that say either; YouTube stands apart
-- unit: shares per post
-- of: posts
-- class: hashtag
-- caveat: per post, not per follower; a post that does not say the counter is in neither sum; a boost is no post and moves the counter alone
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: its sums
-- reason: no post says such a number
SELECT bucket, key, 1.0 * sum(coalesce(reposts, 0) + coalesce(quotes, 0)) / count(*) AS value, NULL AS low,
       NULL AS high, NULL AS high_known, count(*) AS n, min(read_utc) AS oldest_utc,
       sum(coalesce(reposts, 0) + coalesce(quotes, 0)) AS numerator, count(*) AS denominator
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart
  AND coalesce(reposts, quotes) IS NOT NULL
GROUP BY bucket, key
