-- id: M-04
-- name: Audience bounds
-- formula: high = sum over authors of their largest follower figure; low = sum over networks of the largest single audience; YouTube stands apart
-- unit: follower accounts
-- of: posts
-- class: hashtag
-- caveat: how many saw a post is not known; with an author of unknown audience there is no upper bound; numerator and denominator are the accounts whose audience is known and all of them
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: no
-- range: bound
-- reason: no follower figure is known
WITH each_author AS (
  SELECT bucket, key, network, max(followers) AS audience, min(read_utc) AS read_utc
  FROM chosen
  WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart
  GROUP BY bucket, key, platform, author, network),  -- an author is of one platform: in the order of an index
each_network AS (
  SELECT bucket, key, max(audience) AS largest, sum(audience) AS together, count(*) AS authors,
         count(audience) AS known, min(read_utc) AS read_utc
  FROM each_author
  GROUP BY bucket, key, network)
SELECT bucket, key, NULL AS value, sum(largest) AS low,
       CASE WHEN sum(known) = sum(authors) THEN sum(together) END AS high, sum(together) AS high_known,
       sum(known) AS n, min(read_utc) AS oldest_utc, sum(known) AS numerator, sum(authors) AS denominator
FROM each_network
GROUP BY bucket, key
