-- The relation every metric reads: a row per matched post. Kept up to date post by post as the table `reading`, and made
-- for a moment of the past as a TEMP table of the same name, by this one text; when it changes, all rows are made again.
--   :posts     posts first seen later are not there        :readings  later readings are not there
-- M-07: each counter as the home server says it, else the highest seen on servers of its kind, or on any where it says
-- none; quotes and views are no counters of older homes; `actions` is the sum of those that are known. M-03: followers
-- at post time. M-00: the earlier of published and first seen. M-07-growth: `half`, what an open post had when it was
-- half as old. When an unchanged post was read before its last confirmation nobody knows any more.
WITH latest AS (
  SELECT o.post, o.observer, max(o.at_utc) AS at_utc, o.likes, o.reposts, o.quotes, o.replies, o.views
  FROM observation o
  WHERE /* whose */ o.post = :post AND o.at_utc <= :readings
  GROUP BY o.post, o.observer),
told AS (
  SELECT latest.*, observer.platform AS platform, observer.host = post.host AS is_home
  FROM latest JOIN observer ON observer.id = latest.observer JOIN post ON post.id = latest.post),
home AS (
  SELECT post, max(platform) AS platform, max(at_utc) AS at_utc, max(likes) AS likes, max(reposts) AS reposts,
         max(quotes) AS quotes, max(replies) AS replies, max(views) AS views
  FROM told WHERE is_home GROUP BY post),
away AS (
  SELECT told.post AS post, max(told.at_utc) AS at_utc, max(told.likes) AS likes, max(told.reposts) AS reposts,
         max(told.quotes) AS quotes, max(told.replies) AS replies, max(told.views) AS views
  FROM told LEFT JOIN home ON home.post = told.post
  WHERE NOT told.is_home AND (home.post IS NULL OR home.platform = told.platform) GROUP BY told.post),
dated AS (
  SELECT post.*, min(coalesce(post.published_utc, post.first_seen_utc), post.first_seen_utc) AS at_utc,
         coalesce(post.partner, author.partner) AS whose
  FROM post JOIN author ON author.id = post.author
  WHERE /* which */ post.id = :post),
said AS (
  SELECT dated.id AS post, dated.edition, dated.at_utc, dated.platform, dated.network, dated.host, dated.author,
         dated.whose AS partner,
         (SELECT bot FROM declared WHERE declared.author = dated.author AND declared.at_utc <= :readings
          ORDER BY declared.at_utc DESC LIMIT 1) AS bot,
         dated.kind, match.class, match.term, dated.language,
         coalesce((SELECT followers FROM audience WHERE audience.author = dated.author
                     AND audience.at_utc <= min(dated.at_utc + 86400000, :readings)
                   ORDER BY audience.at_utc DESC LIMIT 1),
                  (SELECT followers FROM audience WHERE audience.author = dated.author AND audience.at_utc <= :readings
                   ORDER BY audience.at_utc LIMIT 1)) AS followers,
         NOT EXISTS (SELECT 1 FROM audience WHERE audience.author = dated.author
                       AND audience.at_utc <= min(dated.at_utc + 86400000, :readings)) AS followers_late,
         coalesce(home.likes, away.likes) AS likes, coalesce(home.reposts, away.reposts) AS reposts,
         iif(home.post IS NULL, away.quotes, home.quotes) AS quotes,
         coalesce(home.replies, away.replies) AS replies,
         iif(home.post IS NULL, away.views, home.views) AS views,
         coalesce((home.likes IS NULL AND away.likes IS NOT NULL) OR (home.reposts IS NULL AND away.reposts IS NOT NULL)
                  OR (home.replies IS NULL AND away.replies IS NOT NULL)
                  OR (home.post IS NULL AND coalesce(away.quotes, away.views) IS NOT NULL), 0) AS lower_bound,
         iif(dated.confirmed_utc <= :readings, dated.confirmed_utc,
             max(dated.first_seen_utc, coalesce(home.at_utc, 0), coalesce(away.at_utc, 0))) AS read_utc,
         dated.outlet, dated.outlet_country,
         CASE WHEN dated.kind = 'article' THEN dated.relation
              WHEN dated.whose IS NOT NULL THEN 'owned'
              ELSE coalesce(dated.relation, 'earned') END AS relation,
         dated.cluster, dated.story
  FROM dated JOIN match ON match.post = dated.id AND match.edition = dated.edition
         AND match.from_utc <= :readings AND (match.until_utc IS NULL OR match.until_utc > :readings)
       LEFT JOIN home ON home.post = dated.id LEFT JOIN away ON away.post = dated.id
  WHERE dated.first_seen_utc <= :posts AND NOT (match.class = 'owned' AND dated.whose IS NULL))
SELECT said.*,
       CASE WHEN said.read_utc - said.at_utc < 2592000000 AND kind <> 'article' THEN
         (SELECT max(o.at_utc) FROM observation AS o
          WHERE o.post = said.post AND o.at_utc <= min(said.at_utc + (said.read_utc - said.at_utc) / 2, :readings)
            AND coalesce(o.likes, o.reposts, o.quotes, o.replies) IS NOT NULL) END AS half_utc,
       CASE WHEN said.read_utc - said.at_utc < 2592000000 AND kind <> 'article' THEN
         (SELECT max(coalesce(o.likes, 0) + coalesce(o.reposts, 0) + coalesce(o.quotes, 0) + coalesce(o.replies, 0))
          FROM observation AS o
          WHERE o.post = said.post AND o.at_utc <= min(said.at_utc + (said.read_utc - said.at_utc) / 2, :readings)) END AS half,
       CASE WHEN coalesce(said.likes, said.reposts, said.quotes, said.replies) IS NOT NULL THEN
         coalesce(said.likes, 0) + coalesce(said.reposts, 0) + coalesce(said.quotes, 0) + coalesce(said.replies, 0)
       END AS actions
FROM said
