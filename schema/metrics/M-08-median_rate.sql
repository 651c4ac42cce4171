-- id: M-08-median
-- name: Reactions per 100 followers of the middle post
-- formula: median over posts of 100 * reactions (M-07) / follower figure (M-03), of the posts that have both; YouTube stands apart
-- unit: %
-- of: posts
-- class: hashtag
-- caveat: stands beside M-08-followers: half of the posts have a higher rate; the mean of rates is not offered, as one small account swings it
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: no
-- reason: no post has both reactions and followers
SELECT bucket, key,
       median(100.0 * actions / followers) AS value, NULL AS low, NULL AS high, NULL AS high_known, count(*) AS n,
       min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart
  AND actions IS NOT NULL AND followers > 0
GROUP BY bucket, key
