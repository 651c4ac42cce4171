-- id: M-08-followers
-- name: Reactions per 100 followers
-- formula: 100 * sum of the reactions (M-07) / sum of the follower figures (M-03), over the posts that have both; YouTube stands apart
-- unit: %
-- of: posts
-- class: hashtag
-- caveat: a ratio of sums, so one small account does not swing it; followers are no viewers, and a rate by reach is not offered: reach is not known
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: its sums
-- reason: no post has both reactions and followers
SELECT bucket, key, 100.0 * sum(actions) / nullif(sum(followers), 0) AS value, NULL AS low, NULL AS high,
       NULL AS high_known, count(*) AS n, min(read_utc) AS oldest_utc, sum(actions) AS numerator,
       sum(followers) AS denominator
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart
  AND actions IS NOT NULL AND followers IS NOT NULL
GROUP BY bucket, key
