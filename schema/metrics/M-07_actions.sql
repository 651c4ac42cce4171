-- id: M-07
-- name: Reactions
-- formula: sum of likes, reposts, quotes and replies at the latest reading of the posts of M-01, parts not said left out; unknown where posts are there and none says any; YouTube stands apart
-- unit: actions
-- of: posts
-- class: hashtag
-- caveat: the home server's count, else the highest seen elsewhere as a lower bound; never a sum over servers
-- valid_from: 2026-11-30
-- version: 1
-- empty: 0
-- additive: yes
-- reason: no post says such a number; YouTube's stand apart
WITH said AS (
  SELECT bucket, key, lower_bound, read_utc, iif(apart, NULL, actions) AS actions
  FROM chosen
  WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video'))
SELECT bucket, key, sum(actions) AS value,
       CASE WHEN max(lower_bound AND actions IS NOT NULL) = 1 THEN sum(actions) END AS low, NULL AS high,
       NULL AS high_known, count(actions) AS n, min(CASE WHEN actions IS NOT NULL THEN read_utc END) AS oldest_utc
FROM said
GROUP BY bucket, key
