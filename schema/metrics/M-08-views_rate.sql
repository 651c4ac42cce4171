-- id: M-08-views
-- name: Reactions per 100 views
-- formula: 100 * sum of the reactions (M-07) / sum of the views (M-06), over the posts that have both; YouTube stands apart
-- unit: %
-- of: posts
-- class: hashtag
-- caveat: a ratio of sums, of platforms that count views and each by its own rule
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: its sums
-- reason: no post has both reactions and views
SELECT bucket, key, 100.0 * sum(actions) / nullif(sum(views), 0) AS value, NULL AS low, NULL AS high,
       NULL AS high_known, count(*) AS n, min(read_utc) AS oldest_utc, sum(actions) AS numerator,
       sum(views) AS denominator
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart
  AND actions IS NOT NULL AND views IS NOT NULL
GROUP BY bucket, key
