-- id: M-07
-- name: Reactions
-- formula: sum of likes, reposts, quotes and replies at the latest reading of the posts of M-01, parts not said left out
-- unit: actions
-- caveat: the home server's count, else the highest seen elsewhere as a lower bound; never a sum over servers
-- valid_from: 2026-11-21
-- empty: 0
-- additive: yes
SELECT bucket, key,
       sum(coalesce(likes, 0) + coalesce(reposts, 0) + coalesce(quotes, 0) + coalesce(replies, 0)) AS value,
       CASE WHEN max(lower_bound) = 1
            THEN sum(coalesce(likes, 0) + coalesce(reposts, 0) + coalesce(quotes, 0) + coalesce(replies, 0)) END AS low,
       NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video')
  AND (likes IS NOT NULL OR reposts IS NOT NULL OR quotes IS NOT NULL OR replies IS NOT NULL)
GROUP BY bucket, key
