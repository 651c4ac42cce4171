-- Why: what is told of a moment of the past is what was told then. Coverage is of the terms a figure rests on (M-14), and
-- a term that is taken away is watched no more: another time of watching begins where a term goes, as it does where one
-- comes. What was covered is told apart anew from the ledger, where that has it all. And what is told of an article
-- before something better is known stays.

CREATE TABLE told_anew AS
SELECT source FROM watch WHERE until_utc IS NOT NULL GROUP BY source
HAVING (SELECT min(from_utc) FROM covered WHERE covered.source = watch.source) >=
       (SELECT min(covered_from_utc) FROM poll WHERE poll.source = watch.source AND covered_from_utc IS NOT NULL);
DELETE FROM covered WHERE source IN (SELECT source FROM told_anew);
INSERT INTO covered(source, since_utc, from_utc, until_utc)
WITH known AS (
  SELECT source, (SELECT coalesce(max(max(watch.from_utc, iif(watch.until_utc <= poll.start_utc, watch.until_utc, 0))), 0)
                  FROM watch WHERE watch.source = poll.source AND watch.from_utc <= poll.start_utc) AS since_utc,
         covered_from_utc AS from_utc, end_utc AS until_utc
  FROM poll WHERE covered_from_utc IS NOT NULL AND source IN (SELECT source FROM told_anew)),
begun AS (
  SELECT *, coalesce(from_utc > max(until_utc) OVER (PARTITION BY source, since_utc ORDER BY from_utc, until_utc
                                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 1) AS begins
  FROM known),
numbered AS (
  SELECT *, sum(begins) OVER (PARTITION BY source, since_utc ORDER BY from_utc, until_utc ROWS UNBOUNDED PRECEDING) AS nth
  FROM begun)
SELECT source, since_utc, min(from_utc), max(until_utc) FROM numbered GROUP BY source, since_utc, nth;
DROP TABLE told_anew;

CREATE INDEX poll_that_covers_nothing ON poll(end_utc) WHERE covered_from_utc IS NULL;  -- of these most go in the end

CREATE TABLE former (                -- what was told of an article until then: a moment of the past tells it as it was
  post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
  until_utc INTEGER NOT NULL,
  published_utc INTEGER,
  date_basis TEXT,
  date_conflict INTEGER NOT NULL,
  place TEXT,
  language TEXT,
  uri TEXT,
  url TEXT,
  host TEXT NOT NULL,
  title TEXT,
  partner TEXT,
  outlet TEXT,
  outlet_country TEXT,
  relation TEXT,
  PRIMARY KEY (post, until_utc)
) STRICT, WITHOUT ROWID;

-- Every post is looked for as long as it is kept, at servers that may be asked again: also those that were closed.
INSERT OR IGNORE INTO recheck(observer, post, local_id, due_utc, read_utc, shown)
SELECT observer.id, sighting.post, sighting.local_id, post.confirmed_utc + 604800000 + post.id % 168 * 3600000,
       post.confirmed_utc, 1
FROM sighting JOIN source ON source.id = sighting.source
     JOIN observer ON observer.platform = source.connector AND observer.host = source.host
     JOIN post ON post.id = sighting.post AND post.platform = observer.platform AND post.host = observer.host
WHERE sighting.local_id <> '' AND NOT EXISTS (SELECT 1 FROM recheck WHERE recheck.post = post.id)
  AND EXISTS (SELECT 1 FROM observation WHERE observation.post = post.id AND observation.observer = observer.id);

CREATE INDEX recheck_missing ON recheck(observer, missing_utc) WHERE missing_utc IS NOT NULL;  -- P-06: is it in trouble?
