-- id: M-07-gained
-- name: Reactions gained
-- formula: sum over posts of their reactions (M-07) at the end less those at the start, counter by counter, by what one server said at both: the home server, else the one that shows most; of a post of this time, all of them; YouTube stands apart
-- unit: actions
-- of: posts
-- class: hashtag
-- caveat: of posts read or confirmed within the time, and of those of before only where they were read before it; the others are unknown, not 0, and n says how many are known; what is taken back counts against it; nothing is interpolated
-- valid_from: 2026-11-30
-- version: 1
-- empty: unknown
-- additive: no
-- reason: no post was read both before and within this time
WITH whole AS (                         -- of this time, and not read behind it: what M-07 says
  SELECT bucket, key, sum(actions) AS gain, count(*) AS n, min(read_utc) AS read_utc
  FROM chosen
  WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video') AND NOT apart AND read_utc <= end_utc
    AND actions IS NOT NULL
  GROUP BY bucket, key),
span AS (
  SELECT bucket, key, followed.post AS post, observation.observer AS observer, read_utc, start_utc, end_utc,
         followed.at_utc >= start_utc AS is_new,
         max(CASE WHEN observation.at_utc <= start_utc THEN observation.at_utc END) AS before_utc,
         max(CASE WHEN observation.at_utc <= end_utc THEN observation.at_utc END) AS last_utc,
         max(max(CASE WHEN observation.at_utc <= end_utc THEN observation.at_utc END))
           OVER (PARTITION BY bucket, key, followed.post) AS newest_utc
  FROM followed CROSS JOIN observation ON observation.post = followed.post
  WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video')
    AND (followed.at_utc < start_utc OR read_utc > end_utc) AND NOT apart
  GROUP BY bucket, key, followed.post, observation.observer),
change AS (
  SELECT bucket, key, span.post AS post, span.observer AS observer, post.host = observer.host AS is_home,
         iif(read_utc <= end_utc, read_utc, last_utc) AS read_utc,
         coalesce(b.likes, 0) + coalesce(b.reposts, 0) + coalesce(b.quotes, 0) + coalesce(b.replies, 0) AS actions,
         b.likes - iif(is_new, 0, a.likes) AS likes, b.reposts - iif(is_new, 0, a.reposts) AS reposts,
         b.quotes - iif(is_new, 0, a.quotes) AS quotes, b.replies - iif(is_new, 0, a.replies) AS replies
  FROM span JOIN post ON post.id = span.post JOIN observer ON observer.id = span.observer
       JOIN observation AS b ON b.post = span.post AND b.observer = span.observer AND b.at_utc = last_utc
       LEFT JOIN observation AS a ON a.post = span.post AND a.observer = span.observer AND a.at_utc = before_utc
  WHERE (last_utc > start_utc OR (read_utc <= end_utc AND last_utc = newest_utc))
    AND (is_new OR before_utc IS NOT NULL)),
best AS (
  SELECT *, row_number() OVER (PARTITION BY bucket, key, post ORDER BY is_home DESC, actions DESC, observer) AS place
  FROM change WHERE coalesce(likes, reposts, quotes, replies) IS NOT NULL),
gained AS (
  SELECT bucket, key, gain, n, read_utc FROM whole
  UNION ALL
  SELECT bucket, key, coalesce(likes, 0) + coalesce(reposts, 0) + coalesce(quotes, 0) + coalesce(replies, 0), 1, read_utc
  FROM best WHERE place = 1)
SELECT bucket, key, sum(gain) AS value, NULL AS low, NULL AS high, NULL AS high_known, sum(n) AS n,
       min(read_utc) AS oldest_utc
FROM gained
GROUP BY bucket, key
