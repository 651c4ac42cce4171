-- id: M-15
-- name: Posts of the fediverse, seen or not
-- formula: of two servers that saw n1 and n2 posts of M-01 and both m: (n1 + 1)(n2 + 1)/(m + 1) - 1 (Chapman), by the two that saw most alike, never under what was seen; with its 95 % interval; only where m is at least 10
-- unit: posts, at least about
-- of: posts
-- class: hashtag
-- caveat: at least about: servers follow similar people, so both see the same posts more often than chance has it; of servers' public timelines alone, not of single accounts; n is what was seen
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: no
-- range: interval95
-- reason: no two servers showed ten posts alike
WITH tagged AS (                         -- which sources showed a post: few sets of them, of many posts each
  SELECT bucket, key, read_utc,
         (SELECT json_group_array(source) FROM sighting WHERE sighting.post = chosen.post) AS sources
  FROM chosen
  WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND network = 'fediverse'),
by_sources AS MATERIALIZED (
  SELECT bucket, key, sources, count(*) AS posts, min(read_utc) AS oldest_utc FROM tagged GROUP BY bucket, key, sources),
shown AS MATERIALIZED (
  SELECT DISTINCT bucket, by_sources.key AS key, sources, posts, host
  FROM by_sources JOIN json_each(sources) AS each JOIN observing ON observing.source = each.value),
saw AS (
  SELECT bucket, key, host, sum(posts) AS n FROM shown GROUP BY bucket, key, host),
pair AS (
  SELECT a.bucket AS bucket, a.key AS key, a.host AS one, b.host AS other, sum(a.posts) AS m,
         row_number() OVER (PARTITION BY a.bucket, a.key ORDER BY sum(a.posts) DESC, a.host, b.host) AS place
  FROM shown AS a JOIN shown AS b ON b.sources = a.sources AND b.bucket = a.bucket AND b.key = a.key AND b.host > a.host
  GROUP BY a.bucket, a.key, a.host, b.host),
seen AS (
  SELECT bucket, key, sum(posts) AS posts, min(oldest_utc) AS oldest_utc FROM by_sources GROUP BY bucket, key)
SELECT seen.bucket AS bucket, seen.key AS key, max(posts, chapman(one.n, other.n, m)) AS value,
       max(posts, chapman_low(one.n, other.n, m)) AS low, max(posts, chapman_high(one.n, other.n, m)) AS high,
       NULL AS high_known, posts AS n, oldest_utc
FROM seen
     LEFT JOIN pair ON pair.bucket = seen.bucket AND pair.key = seen.key AND place = 1
     LEFT JOIN saw AS one ON one.bucket = seen.bucket AND one.key = seen.key AND one.host = pair.one
     LEFT JOIN saw AS other ON other.bucket = seen.bucket AND other.key = seen.key AND other.host = pair.other
