#pragma once
/// A campaign of a million posts and ten million observations, as SQL makes it: ninety days, half of it in the week of
/// the day; twelve platforms, 23 partners with a hundredth of the posts, eight languages, authors and reactions with
/// heavy tails. Always the same.
#include <fmt/format.h>

#include <string>

namespace campaignd::bench {

constexpr const char* edition = "2027";
constexpr std::int64_t edition_start = 1808956800000;  // 2027-04-29T00:00:00Z
constexpr std::int64_t days = 90;
constexpr int observers = 20;  ///< sources that see for themselves what is posted in the fediverse, one to three a post

inline std::string history_sql(std::int64_t posts, std::int64_t authors) {
  return fmt::format(R"(
    PRAGMA foreign_keys=OFF; PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;
    CREATE TEMP TABLE kind_of(platform TEXT, network TEXT, id INTEGER PRIMARY KEY);
    INSERT INTO kind_of(platform, network) VALUES ('mastodon', 'fediverse'), ('bluesky', 'bluesky'), ('x', 'x'),
      ('mastodon', 'fediverse'), ('bluesky', 'bluesky'), ('threads', 'meta'), ('instagram', 'meta'),
      ('mastodon', 'fediverse'), ('reddit', 'reddit'), ('lemmy', 'fediverse'), ('misskey', 'fediverse'),
      ('peertube', 'fediverse'), ('youtube', 'youtube'), ('telegram', 'telegram'), ('mastodon', 'fediverse'),
      ('bluesky', 'bluesky'), ('feed', 'feed'), ('mastodon', 'fediverse'), ('bluesky', 'bluesky'), ('x', 'x');
    CREATE TEMP TABLE step(id INTEGER PRIMARY KEY, age_ms INTEGER, share REAL);
    INSERT INTO step VALUES (0, 60000, 0.01), (1, 900000, 0.1), (2, 3600000, 0.3), (3, 10800000, 0.45),
      (4, 28800000, 0.6), (5, 86400000, 0.8), (6, 259200000, 0.9), (7, 604800000, 0.96), (8, 1209600000, 0.99),
      (9, 2592000000, 1.0);
    BEGIN;
    INSERT INTO observer(id, platform, host)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
    SELECT 1 + i, (SELECT platform FROM kind_of WHERE id = 1 + i / 50), 's' || i || '.example' FROM n;

    INSERT INTO author(id, edition, platform, pseudonym, partner)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {authors})
    SELECT i, '{edition}', (SELECT platform FROM kind_of WHERE id = 1 + i % 20), CAST(printf('%016d', i) AS BLOB),
           iif(i % 100 = 7, 'partner ' || (i / 100 % 23), NULL) FROM n;
    INSERT INTO audience(author, at_utc, followers)
    SELECT id, {start} + (id * 7919 % 60) * 86400000 + step * 864000000,
           CAST(80 / pow(0.0005 + (id * 48271 % 65537) / 65537.0, 1.1) AS INTEGER) + step
    FROM author, (SELECT 0 AS step UNION SELECT 1 UNION SELECT 2) WHERE id % 10 <> 3;
    INSERT INTO declared(author, at_utc, bot) SELECT id, {start}, id % 20 = 1 FROM author WHERE id % 4 = 1;

    CREATE TEMP TABLE drawn(id INTEGER PRIMARY KEY, i INTEGER, author INTEGER, at INTEGER);
    INSERT INTO drawn(i, author, at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {posts}),
    chance AS (SELECT i, (i * 2654435761 >> 4) % 1000003 / 1000003.0 AS u, (i * 40503 >> 3) % 65521 / 65521.0 AS v FROM n)
    SELECT i, 1 + CAST({authors} * v * v * v AS INTEGER) % {authors},
           {start} + CAST(iif(i % 2, 45 + 7 * u, {days} * u) * 86400000 AS INTEGER) AS at FROM chance ORDER BY at;
    INSERT INTO post(id, edition, platform, network, host, author, kind, published_utc, first_seen_utc, confirmed_utc,
                     language, uri, url, outlet, outlet_country, relation, cluster)
    SELECT drawn.id, '{edition}', platform, network, 's' || ((author % 20) * 50 + author % 50) || '.example', author,
           iif(platform = 'feed', 'article', iif(i % 5 = 0, 'reply', 'original')), at, at + i % 600 * 1000,
           at + 2592000000, substr('endeplbgfrituklt', 1 + i * i % 71 % 8 * 2, 2), 'https://example/' || i,
           'https://example/' || i, iif(platform = 'feed', 'o' || (author % 3000) || '.example', NULL),
           iif(platform = 'feed' AND i % 3, 'PL', NULL),
           iif(platform = 'feed', iif(i % 20, 'pickup', 'owned'), NULL),
           iif(platform = 'feed', drawn.id - drawn.id % 4, NULL)
    FROM drawn JOIN kind_of ON kind_of.id = 1 + author % 20;
    INSERT INTO match(post, edition, term, class, from_utc)
    SELECT id, edition, 'tag', CASE WHEN id % 10 THEN 'hashtag' WHEN id % 20 THEN 'plain' ELSE 'link' END, first_seen_utc
    FROM post;
    INSERT INTO observation(post, observer, at_utc, likes, reposts, quotes, replies, views)
    SELECT post.id, 1 + (author % 20) * 50 + iif(network = 'fediverse' AND step.id % 3 = 2, (post.id + 1) % 50, author % 50),
           first_seen_utc + age_ms,
           CAST(share * 3 / (0.0003 + (post.id * 69621 % 65519) / 65519.0) AS INTEGER),
           CAST(share / (0.0003 + (post.id * 16807 % 65519) / 65519.0) AS INTEGER), NULL,
           CAST(share / (0.001 + (post.id * 30269 % 65519) / 65519.0) AS INTEGER),
           iif(platform IN ('x', 'peertube', 'telegram'), CAST(share * 900 / (0.01 + (post.id * 171 % 30269) / 30269.0) AS INTEGER), NULL)
    FROM post, step WHERE kind <> 'article' OR step.id < 5
    ORDER BY 1, 2, 3;
    UPDATE post SET confirmed_utc = min(confirmed_utc, {end});
    INSERT INTO sighting(post, source, local_id, first_utc, last_utc)
    SELECT DISTINCT post.id, 'source ' || ((post.id * 7 + post.id % 5 * n * n) % {observers}), post.id, first_seen_utc,
           first_seen_utc
    FROM post, (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2) WHERE network = 'fediverse' AND n <= post.id % 3
    ORDER BY 1, 2;
    INSERT INTO watch(source, edition, term, from_utc)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
    SELECT 'source ' || i, '{edition}', 'tag', {start} FROM n;
    INSERT INTO poll(source, host, start_utc, end_utc, outcome, requests, found, matched, fresh, refused, opted_out,
                     covered_from_utc)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {days} * 24 * 100)
    SELECT 'source ' || i % 100, 's' || i % 100 || '.example', {start} + i * 36000 - 2000, {start} + i * 36000, 'ok', 1,
           40, 2, 1, 0, 0, {start} + (i - 100) * 36000 FROM n;
    INSERT INTO covered(source, since_utc, from_utc, until_utc)
    SELECT source, {start}, min(covered_from_utc), max(end_utc) FROM poll GROUP BY source;
    COMMIT;
  )",
                     fmt::arg("posts", posts), fmt::arg("authors", authors), fmt::arg("edition", edition),
                     fmt::arg("start", edition_start), fmt::arg("days", days), fmt::arg("observers", observers),
                     fmt::arg("end", edition_start + days * 86'400'000));
}

}  // namespace campaignd::bench
