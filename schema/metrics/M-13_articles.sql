-- id: M-13
-- name: Articles
-- formula: distinct articles that match the campaign in any class, on pages that are neither a partner's nor a press-release wire's
-- unit: articles
-- of: articles
-- class: any
-- caveat: one page under several links is one; the same text in several outlets is several; the audience of an outlet is not known
-- valid_from: 2026-11-21
-- version: 1
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE kind = 'article' AND relation = 'pickup' AND class NOT IN ('owned', 'comparison')
GROUP BY bucket, key
