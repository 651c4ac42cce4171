-- id: M-01-stories
-- name: Stories
-- formula: the posts of M-01, those by one organisation or account with the same text within 24 hours as one
-- unit: stories
-- of: posts
-- class: hashtag
-- caveat: a cross-post is two posts on two platforms and one story; what bridges carry is one post already
-- valid_from: 2026-11-29
-- version: 1
-- empty: 0
-- additive: no
SELECT bucket, key, count(*) - count(story) + count(DISTINCT story) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video')
GROUP BY bucket, key
