-- id: M-01-variant
-- name: Mentions by variant
-- formula: distinct posts of kind original, quote, reply or video that carry a misspelt, translated or look-alike form of the hashtag and not the hashtag itself
-- unit: posts
-- of: posts
-- class: variant
-- caveat: counted apart, never part of the headline number
-- valid_from: 2026-11-22
-- version: 1
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'variant' AND kind IN ('original', 'quote', 'reply', 'video')
GROUP BY bucket, key
