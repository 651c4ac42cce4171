-- id: M-01-owned
-- name: Partners' posts without the tag
-- formula: distinct posts and articles of registered organisations that match no term of the campaign
-- unit: posts
-- caveat: of the channels that are read; no mention, and part of no total
-- valid_from: 2026-11-22
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'owned'
GROUP BY bucket, key
