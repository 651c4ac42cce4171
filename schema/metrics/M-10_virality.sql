-- id: M-10
-- name: Virality
-- formula: 100 * sum of reposts and quotes / sum of views, over the posts that have both; YouTube stands apart
-- unit: %
-- of: posts
-- class: hashtag
-- caveat: the field has no standard: this is shares over views; empty where no platform counts views
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: its sums
-- reason: no post has both shares and views
SELECT bucket, key, 100.0 * sum(coalesce(reposts, 0) + coalesce(quotes, 0)) / nullif(sum(views), 0) AS value,
       NULL AS low, NULL AS high, NULL AS high_known, count(*) AS n, min(read_utc) AS oldest_utc,
       sum(coalesce(reposts, 0) + coalesce(quotes, 0)) AS numerator, sum(views) AS denominator
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart
  AND views IS NOT NULL AND coalesce(reposts, quotes) IS NOT NULL
GROUP BY bucket, key
