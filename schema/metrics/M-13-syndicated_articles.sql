-- id: M-13-syndicated
-- name: Syndicated articles
-- formula: articles of M-13 beyond the first of their cluster: articles within seven days that share a headline or nearly a text
-- unit: articles
-- of: articles
-- class: any
-- caveat: part of M-13, not beside it; the first may lie outside the time asked for; copies that were rewritten are not seen
-- valid_from: 2026-11-21
-- version: 1
-- empty: 0
-- additive: no
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE kind = 'article' AND relation = 'pickup' AND class NOT IN ('owned', 'comparison')
  AND EXISTS (SELECT 1 FROM reading AS earlier
              WHERE earlier.cluster = chosen.cluster AND earlier.relation = 'pickup'
                AND earlier.class NOT IN ('owned', 'comparison')
                AND (earlier.at_utc, coalesce(earlier.outlet, ''), earlier.post)
                    < (chosen.at_utc, coalesce(chosen.outlet, ''), chosen.post))
GROUP BY bucket, key
