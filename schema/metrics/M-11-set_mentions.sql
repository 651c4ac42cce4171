-- id: M-11-set
-- name: Mentions of the comparison set
-- formula: distinct posts of kind original, quote, reply or video with the campaign's hashtag or one of class comparison
-- unit: posts
-- of: posts
-- class: hashtag
-- caveat: the whole that M-11 is a share of; a post with both tags is the campaign's; never part of the mentions
-- valid_from: 2026-11-30
-- version: 1
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class IN ('hashtag', 'comparison') AND kind IN ('original', 'quote', 'reply', 'video')
GROUP BY bucket, key
