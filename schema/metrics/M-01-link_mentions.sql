-- id: M-01-link
-- name: Mentions by link
-- formula: distinct posts of kind original, quote, reply or video that have a link to the campaign's pages and no stronger match
-- unit: posts
-- of: posts
-- class: link
-- caveat: counted apart, never part of the headline number
-- valid_from: 2026-11-21
-- version: 1
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'link' AND kind IN ('original', 'quote', 'reply', 'video')
GROUP BY bucket, key
