-- id: M-14
-- name: Coverage
-- formula: covered time / planned time of a source; a successful poll covers back to the last success if its pages reach it, else to its oldest item; by terms: time in which a source watched all the terms a figure rests on
-- unit: share
-- of: both
-- class: hashtag
-- caveat: time, not polls; a source is planned for its edition from the first hour, whenever it was configured; an hour in which neither the source showed anything new nor its control tag a post of the last three hours is not covered: the source is blind; below 95 % every figure that rests on it says incomplete
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: no
WITH planned AS (
  SELECT source, max(coalesce(until_utc, :now)) AS until_utc FROM watch WHERE edition = :edition GROUP BY source),
asked AS MATERIALIZED (              -- from when to when anything is asked of a source, and an hour beside
  SELECT source, (SELECT min(start_utc) FROM bucket) - 3600000 AS begin_utc,
         (SELECT max(end_utc) FROM bucket) + 3600000 AS end_utc FROM planned),
was_covered AS MATERIALIZED (
  SELECT covered.* FROM asked CROSS JOIN covered ON covered.source = asked.source AND until_utc > begin_utc
         AND from_utc < end_utc),
epoch AS (                           -- times of watching in which all wanted terms were watched
  SELECT source, since_utc FROM (SELECT DISTINCT source, since_utc FROM was_covered) AS each
  WHERE (SELECT count(DISTINCT term) FROM watch
         WHERE watch.source = each.source AND term IN (SELECT term FROM wanted) AND watch.from_utc <= each.since_utc
           AND (watch.until_utc IS NULL OR watch.until_utc > each.since_utc)) = (SELECT count(*) FROM wanted)),
blind AS (
  SELECT control.source, at_utc - at_utc % 3600000 AS from_utc
  FROM asked CROSS JOIN control ON control.source = asked.source AND at_utc >= begin_utc AND at_utc < end_utc
  GROUP BY 1, 2 HAVING min(found = 0 OR coalesce(newest_utc <= at_utc - 3 * 3600000, 0))
    AND NOT EXISTS (SELECT 1 FROM poll WHERE poll.source = control.source AND poll.fresh > 0
                      AND poll.end_utc >= from_utc AND poll.end_utc < min(from_utc + 3600000, :now))),
was_refilled AS (
  SELECT refilled.* FROM asked CROSS JOIN refilled ON refilled.source = asked.source AND until_utc > begin_utc
         AND from_utc < end_utc),
edge AS (                            -- where something begins (1) or ends (-1)
  SELECT source, from_utc AS at_utc, 1 AS seen, 0 AS blind, 0 AS again
  FROM was_covered JOIN epoch USING (source, since_utc)
  UNION ALL SELECT source, until_utc, -1, 0, 0 FROM was_covered JOIN epoch USING (source, since_utc)
  UNION ALL SELECT source, from_utc, 0, 1, 0 FROM blind
  UNION ALL SELECT source, from_utc + 3600000, 0, -1, 0 FROM blind
  UNION ALL SELECT source, from_utc, 0, 0, 1 FROM was_refilled
  UNION ALL SELECT source, until_utc, 0, 0, -1 FROM was_refilled),
step AS (                            -- from one edge to the next; spans may overlap
  SELECT source, at_utc AS from_utc, lead(at_utc) OVER in_time AS until_utc, sum(sum(seen)) OVER in_time > 0 AS seen,
         sum(sum(blind)) OVER in_time > 0 AS blind, sum(sum(again)) OVER in_time > 0 AS again
  FROM edge GROUP BY source, at_utc WINDOW in_time AS (PARTITION BY source ORDER BY at_utc)),
turn AS (
  SELECT *, (seen, blind, again) IS NOT (lag(seen) OVER in_time, lag(blind) OVER in_time, lag(again) OVER in_time)
            AS begins
  FROM step WINDOW in_time AS (PARTITION BY source ORDER BY from_utc)),
span AS MATERIALIZED (
  SELECT source, min(from_utc) AS from_utc, max(until_utc) AS until_utc, seen, blind, again
  FROM (SELECT *, sum(begins) OVER (PARTITION BY source ORDER BY from_utc) AS nth FROM turn)
  WHERE seen OR blind GROUP BY source, nth),
plan AS (
  SELECT bucket.label AS bucket, source, start_utc, min(planned.until_utc, bucket.end_utc, :now) AS end_utc
  FROM planned JOIN bucket ON min(planned.until_utc, bucket.end_utc, :now) > start_utc),
part AS (
  SELECT bucket, plan.source AS source, start_utc, end_utc, max(from_utc, start_utc) AS from_utc,
         min(until_utc, end_utc) AS until_utc, seen AND NOT blind AS counts, blind, again
  FROM plan LEFT JOIN span ON span.source = plan.source AND from_utc < end_utc AND until_utc > start_utc),
gap AS (
  SELECT *, from_utc - lag(until_utc, 1, start_utc) OVER
              (PARTITION BY bucket, start_utc, source, counts ORDER BY from_utc) AS pause
  FROM part)
SELECT bucket, source AS key, coalesce(sum((until_utc - from_utc) * counts), 0) AS covered_ms,
       end_utc - start_utc AS planned_ms,
       coalesce(max(max(iif(counts, pause, 0)), end_utc - max(iif(counts, until_utc, start_utc))), 0) AS longest_gap_ms,
       coalesce(sum((until_utc - from_utc) * (counts AND again)), 0) AS refilled_ms,
       coalesce(sum((until_utc - from_utc) * blind), 0) AS blind_ms
FROM gap
GROUP BY bucket, start_utc, end_utc, source
ORDER BY bucket, source
