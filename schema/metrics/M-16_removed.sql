-- id: M-16
-- name: Posts removed since
-- formula: posts of this time that were kept and are gone: deleted, taken down, no longer shown at their home server, or their author opted out
-- unit: posts
-- of: posts
-- class: none
-- caveat: a tally without names: the posts themselves are deleted and in no live figure; a sealed report keeps what it printed; Reddit has no tally, as its rules forbid to keep any
-- valid_from: 2026-11-30
-- version: 1
-- empty: 0
-- additive: no
SELECT bucket.label AS bucket, CASE scope.breakdown WHEN 'platform' THEN platform ELSE '' END AS key, sum(n) AS value,
       NULL AS low, NULL AS high, NULL AS high_known, sum(n) AS n, NULL AS oldest_utc
FROM scope CROSS JOIN bucket CROSS JOIN removal
WHERE removal.edition = scope.edition AND hour_utc >= start_utc AND hour_utc < end_utc AND platform <> 'reddit'
  AND why IN ('gone at its home server', 'deleted by its author', 'its account was deleted or taken down',
              'its author opted out')
GROUP BY bucket.label, key
