-- id: M-02
-- name: Unique author accounts
-- formula: distinct (platform, author) among the posts of M-01
-- unit: accounts
-- of: posts
-- class: hashtag
-- caveat: accounts, not people; an organisation may have several
-- valid_from: 2026-11-21
-- version: 1
-- empty: 0
-- additive: no
SELECT bucket, key, count(DISTINCT author) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video')
GROUP BY bucket, key
