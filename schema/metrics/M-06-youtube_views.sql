-- id: M-06-youtube
-- name: YouTube, as reported: views
-- formula: sum of the latest view counter, as YouTube returned it, of the videos of M-01 that have one
-- unit: views
-- of: posts
-- class: hashtag
-- caveat: YouTube's rules forbid to mix its numbers with others or to derive new ones: it stands alone, in no sum, rate or bound; since 31 March 2025 it counts every start of a Short
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: yes
-- reason: no video says such a number
SELECT bucket, key, sum(views) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(views) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND platform = 'youtube'
  AND views IS NOT NULL
GROUP BY bucket, key
