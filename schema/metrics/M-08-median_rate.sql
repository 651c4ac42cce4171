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
WITH said AS (
  SELECT bucket, key, read_utc, followers,
         CASE WHEN coalesce(likes, reposts, quotes, replies) IS NOT NULL
              THEN coalesce(likes, 0) + coalesce(reposts, 0) + coalesce(quotes, 0) + coalesce(replies, 0) END AS actions
  FROM chosen
  WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart),
ranked AS (
  SELECT bucket, key, 100.0 * actions / followers AS rate, min(read_utc) OVER whole AS oldest_utc,
         count(*) OVER whole AS posts, row_number() OVER (whole ORDER BY 1.0 * actions / followers) AS place
  FROM said
  WHERE actions IS NOT NULL AND followers > 0
  WINDOW whole AS (PARTITION BY bucket, key))
SELECT bucket, key, avg(rate) AS value, NULL AS low, NULL AS high, NULL AS high_known, max(posts) AS n,
       min(oldest_utc) AS oldest_utc
FROM ranked
WHERE place IN ((posts + 1) / 2, posts / 2 + 1)
GROUP BY bucket, key
