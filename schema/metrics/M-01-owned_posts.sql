-- id: M-01-owned
-- name: Partners' posts without the tag
-- formula: distinct posts of registered organisations that match no term of the campaign
-- unit: posts
-- of: posts
-- class: none
-- caveat: of the channels that are read; no mention, and part of no total
-- valid_from: 2026-11-22
-- version: 1
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'owned' AND kind <> 'article'
GROUP BY bucket, key
