-- id: M-14
-- name: Coverage
-- formula: covered time / planned time of a source; a successful poll covers back to the last success if its pages reach it, else to its oldest item
-- unit: share
-- of: both
-- caveat: time, not polls; a source is planned for its edition from the first hour, whenever it was configured; below 95 % every figure that rests on it says incomplete
-- valid_from: 2026-11-21
-- version: 1
-- empty: unknown
-- additive: no
WITH plan AS (
  SELECT bucket.label AS bucket, watch.source AS source, bucket.start_utc AS a,
         min(max(coalesce(watch.until_utc, :now)), bucket.end_utc, :now) AS b
  FROM bucket JOIN watch ON watch.edition = :edition AND coalesce(watch.until_utc, :now) > bucket.start_utc
  GROUP BY bucket.label, watch.source),
span AS (
  SELECT plan.bucket AS bucket, plan.source AS source, max(covered.from_utc, plan.a) AS a,
         min(covered.until_utc, plan.b) AS b
  FROM plan JOIN covered ON covered.source = plan.source
  WHERE covered.from_utc < plan.b AND covered.until_utc > plan.a),
done AS (
  SELECT bucket, source, a, b, max(b) OVER (PARTITION BY bucket, source ORDER BY a, b
                                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
  FROM span),
share AS (
  SELECT bucket, source, sum(max(b - max(a, coalesce(reached, a)), 0)) AS covered, max(a - reached) AS pause,
         min(a) AS a, max(b) AS b
  FROM done GROUP BY bucket, source)
SELECT plan.bucket AS bucket, plan.source AS key, coalesce(share.covered, 0) AS covered_ms, plan.b - plan.a AS planned_ms,
       coalesce(max(coalesce(share.pause, 0), share.a - plan.a, plan.b - share.b), plan.b - plan.a) AS longest_gap_ms
FROM plan LEFT JOIN share ON share.bucket = plan.bucket AND share.source = plan.source
WHERE plan.b > plan.a
ORDER BY plan.bucket, plan.source
