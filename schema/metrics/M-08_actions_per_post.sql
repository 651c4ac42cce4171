-- id: M-08
-- name: Reactions per post
-- formula: sum of the reactions (M-07) / number of the posts that say any; YouTube stands apart
-- unit: actions per post
-- of: posts
-- class: hashtag
-- caveat: a ratio of sums: posts of which nothing is said are in neither; few posts make it
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: its sums
SELECT bucket, key, 1.0 * sum(actions) / count(actions) AS value,
       CASE WHEN max(lower_bound AND actions IS NOT NULL) = 1 THEN 1.0 * sum(actions) / count(actions) END AS low,
       NULL AS high, NULL AS high_known, count(actions) AS n,
       min(CASE WHEN actions IS NOT NULL THEN read_utc END) AS oldest_utc,
       sum(actions) AS numerator, count(actions) AS denominator
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart
GROUP BY bucket, key
