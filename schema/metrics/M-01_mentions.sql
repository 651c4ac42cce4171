-- id: M-01
-- name: Mentions
-- formula: distinct posts of kind original, quote, reply or video that carry the hashtag
-- unit: posts
-- of: posts
-- class: hashtag
-- caveat: boosts are no mentions; one post seen through several servers is one; a post on two platforms is two
-- valid_from: 2026-11-21
-- version: 1
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video')
GROUP BY bucket, key
