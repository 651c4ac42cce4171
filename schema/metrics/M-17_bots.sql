-- id: M-17
-- name: Mentions by declared bots
-- formula: the posts of M-01 by accounts that declare themselves bots
-- unit: posts
-- of: posts
-- class: hashtag
-- caveat: part of M-01, not beside it; an account that does not say so is not guessed to be one
-- valid_from: 2026-11-30
-- version: 1
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND bot = 1
GROUP BY bucket, key
