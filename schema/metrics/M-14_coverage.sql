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
done AS (
  SELECT plan.bucket AS bucket, plan.source AS source, max(covered.from_utc, plan.a) AS a,
         min(covered.until_utc, plan.b) AS b
  FROM plan JOIN covered ON covered.source = plan.source
  WHERE covered.from_utc < plan.b AND covered.until_utc > plan.a),
gap AS (
  SELECT bucket, source, a - lag(b) OVER (PARTITION BY bucket, source ORDER BY a) AS pause, a, b FROM done)
SELECT plan.bucket AS bucket, plan.source AS key,
       coalesce((SELECT sum(b - a) FROM done WHERE done.bucket = plan.bucket AND done.source = plan.source), 0) AS covered_ms,
       plan.b - plan.a AS planned_ms,
       coalesce((SELECT max(coalesce(max(pause), 0), min(a) - plan.a, plan.b - max(b)) FROM gap
                 WHERE gap.bucket = plan.bucket AND gap.source = plan.source), plan.b - plan.a) AS longest_gap_ms
FROM plan
WHERE plan.b > plan.a
ORDER BY plan.bucket, plan.source
