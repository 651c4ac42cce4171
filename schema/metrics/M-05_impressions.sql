-- id: M-05
-- name: Potential impressions
-- formula: sum over the posts of M-01 of the follower figure of each (M-03), an author counted once a post; YouTube stands apart
-- unit: potential impressions
-- of: posts
-- class: hashtag
-- caveat: potential: most followers never see a post, and nothing is multiplied; one vendor found between 1 % and 20 % of it actual; where a follower figure is not known, at least that
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: yes
-- reason: no follower figure is known
SELECT bucket, key, sum(followers) AS value,
       CASE WHEN count(followers) < count(*) THEN coalesce(sum(followers), 0) END AS low, NULL AS high,
       NULL AS high_known, count(followers) AS n, min(CASE WHEN followers IS NOT NULL THEN read_utc END) AS oldest_utc
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart
GROUP BY bucket, key
