-- id: M-13-distribution
-- name: Press releases on wires
-- formula: distinct articles that match the campaign in any class, on press-release wires
-- unit: articles
-- of: articles
-- class: any
-- caveat: counted apart: what was sent out is no media pickup; wires are those of the table of outlets
-- valid_from: 2026-11-21
-- version: 1
-- empty: 0
-- additive: yes
SELECT bucket, key, count(*) AS value, NULL AS low, NULL AS high, NULL AS high_known,
       count(*) AS n, min(read_utc) AS oldest_utc
FROM chosen
WHERE kind = 'article' AND relation = 'distribution' AND class NOT IN ('owned', 'comparison')
GROUP BY bucket, key
