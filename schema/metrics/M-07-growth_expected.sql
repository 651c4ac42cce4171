-- id: M-07-growth
-- name: Growth since the readings
-- formula: reactions expected to have come to the posts of M-07 since each was last read, by its own pace and the growth of its platform's posts; nine times in ten the truth lies between low and high
-- unit: actions
-- of: posts
-- class: hashtag
-- caveat: an estimate, never added to what was counted; learnt on posts that are measured no more, before that from published half-lives; a post is followed for 30 days, and n says how many may still grow
-- valid_from: 2026-11-30
-- version: 1
-- empty: 0
-- additive: no
-- range: interval90
WITH said AS (
  SELECT bucket, key, platform, at_utc, half_utc, half, read_utc, actions, (SELECT now_utc FROM temp.moment) AS now_utc
  FROM chosen
  WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart
    AND actions IS NOT NULL AND read_utc - at_utc < 2592000000),
grown AS (
  SELECT bucket, key, read_utc,
         growth_mean(platform, now_utc, at_utc, half_utc, half, read_utc, actions) AS mean,
         growth_variance(platform, now_utc, at_utc, half_utc, half, read_utc, actions) AS variance,
         growth_bias(platform, now_utc) AS bias
  FROM said),
summed AS (                              -- what is uncertain of each adds up as variances do; a wrong curve is wrong for all
  SELECT bucket, key, sum(mean) AS mean, sum(variance) + sum(bias * mean) * sum(bias * mean) AS variance,
         count(mean) AS n, min(read_utc) AS oldest_utc
  FROM grown GROUP BY bucket, key)
SELECT bucket, key, mean AS value, growth_low(mean, variance) AS low, growth_high(mean, variance) AS high,
       NULL AS high_known, n, oldest_utc
FROM summed
