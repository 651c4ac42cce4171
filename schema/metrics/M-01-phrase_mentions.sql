-- id: M-01-phrase
-- name: Mentions by phrase
-- formula: distinct posts of kind original, quote, reply or video that have the campaign's phrase and no stronger match
-- unit: posts
-- of: posts
-- class: phrase
-- caveat: counted apart, never part of the headline number
-- valid_from: 2026-11-21
-- version: 1
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'phrase' AND kind IN ('original', 'quote', 'reply', 'video')
GROUP BY bucket, key
