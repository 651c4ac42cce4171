-- Why: a number comes with its coverage, its age, its definition and a way to check it. So what an account declares is
-- dated, coverage knows which terms were watched, the ledger says when the next poll was due, what was measured says
-- how far it may have grown since, and what has to go leaves its sums.

CREATE TABLE declared (              -- M-17: what an account says of itself, a row only when it changes
  author INTEGER NOT NULL REFERENCES author(id) ON DELETE CASCADE,
  at_utc INTEGER NOT NULL,
  bot INTEGER NOT NULL,
  PRIMARY KEY (author, at_utc)
) STRICT, WITHOUT ROWID;
INSERT INTO declared(author, at_utc, bot)
SELECT author.id, min(post.first_seen_utc), author.bot FROM author JOIN post ON post.author = author.id
WHERE author.bot IS NOT NULL GROUP BY author.id;
ALTER TABLE author DROP COLUMN bot;

ALTER TABLE poll ADD COLUMN next_utc INTEGER;   -- when its source was to be asked again: behind it begins a pause
CREATE INDEX poll_that_covers ON poll(source, end_utc, covered_from_utc, start_utc) WHERE covered_from_utc IS NOT NULL;

CREATE TABLE spans (                 -- union of what polls covered, by the terms that were watched; derived from poll
  source TEXT NOT NULL,
  since_utc INTEGER NOT NULL,        -- when the source began to watch what it watched then (watch.from_utc)
  from_utc INTEGER NOT NULL,
  until_utc INTEGER NOT NULL,
  PRIMARY KEY (source, since_utc, from_utc)
) STRICT, WITHOUT ROWID;
INSERT INTO spans(source, since_utc, from_utc, until_utc)
SELECT source, coalesce((SELECT max(watch.from_utc) FROM watch
                         WHERE watch.source = covered.source AND watch.from_utc <= covered.until_utc), 0),
       from_utc, until_utc FROM covered;
DROP TABLE covered;
ALTER TABLE spans RENAME TO covered;

CREATE TABLE refilled (              -- M-14: covered only afterwards, by a poll that paged back over a gap
  source TEXT NOT NULL,
  from_utc INTEGER NOT NULL,
  at_utc INTEGER NOT NULL,           -- when the poll ended that did it
  until_utc INTEGER NOT NULL,        -- behind the key's columns: integrity_check of SQLite 3.40 misreads another order
  PRIMARY KEY (source, from_utc, at_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE control (               -- what a source's control tag showed: whether the source sees anything at all
  source TEXT NOT NULL,
  at_utc INTEGER NOT NULL,
  found INTEGER NOT NULL,
  newest_utc INTEGER,                -- of the posts with the control tag; NULL: none was shown
  PRIMARY KEY (source, at_utc)
) STRICT, WITHOUT ROWID;

-- How far a post may have grown since it was read (Gamma posterior of its level over its platform's curve): state of
-- the planner, derived from observation.
ALTER TABLE recheck ADD COLUMN read_utc INTEGER;
ALTER TABLE recheck ADD COLUMN level REAL;
ALTER TABLE recheck ADD COLUMN exposure REAL;

CREATE TABLE growth (                -- learnt on closed posts: which share of its reactions a post has at an age
  platform TEXT NOT NULL,
  at_utc INTEGER NOT NULL,           -- when: a moment of the past knows what had been learnt by then
  age_ms INTEGER NOT NULL,
  share REAL NOT NULL,
  weight REAL NOT NULL,              -- reactions it rests on
  PRIMARY KEY (platform, at_utc, age_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE growth_noise (
  platform TEXT NOT NULL,
  at_utc INTEGER NOT NULL,
  counted REAL NOT NULL,             -- of a post before it is read: so many reactions over so much of the curve
  exposure REAL NOT NULL,
  dispersion REAL NOT NULL,          -- how much wider posts spread than the curve says
  n INTEGER NOT NULL,                -- closed posts it was learnt on
  PRIMARY KEY (platform, at_utc)
) STRICT, WITHOUT ROWID;

ALTER TABLE reading ADD COLUMN half_utc INTEGER; -- what a post that may still grow had when it was half as old
ALTER TABLE reading ADD COLUMN half INTEGER;

DROP TABLE settled;
CREATE TABLE settled (               -- what a metric said of facts before they had to go; never dirty
  edition TEXT NOT NULL,
  metric TEXT NOT NULL,
  breakdown TEXT NOT NULL,           -- as in slice; the others have none
  from_utc INTEGER NOT NULL,         -- additive metrics: an hour; the others: a period the sheets have
  until_utc INTEGER NOT NULL,
  key TEXT NOT NULL,
  version TEXT NOT NULL,
  at_utc INTEGER NOT NULL,
  value REAL, low REAL, high REAL,
  n INTEGER,
  PRIMARY KEY (edition, metric, breakdown, from_utc, until_utc, key, version, at_utc)
) STRICT, WITHOUT ROWID;
CREATE INDEX settled_by_place ON settled(edition, breakdown, key, from_utc, until_utc);

CREATE TABLE suppressed (            -- accounts that asked to be forgotten, as keyed hashes: never kept again
  hash BLOB PRIMARY KEY,
  at_utc INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE beside (                -- tags and linked sites of a post, as keyed hashes
  post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,                -- tag, link
  name BLOB NOT NULL,
  PRIMARY KEY (post, kind, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX beside_by_name ON beside(name);
CREATE TABLE beside_name (           -- in clear only once three accounts have used it
  name BLOB PRIMARY KEY,
  kind TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE registered (            -- the country of each organisation (M-18), as configured today
  partner TEXT PRIMARY KEY,
  country TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (              -- what ties an account to its organisation besides the configuration
  partner TEXT NOT NULL,
  account TEXT NOT NULL,
  why TEXT NOT NULL,                 -- verified link, domain handle, own server
  detail TEXT NOT NULL,
  at_utc INTEGER NOT NULL,
  PRIMARY KEY (partner, account, why)
) STRICT, WITHOUT ROWID;

DROP TABLE slice;
CREATE TABLE slice (                 -- metrics that add up, by hour, made by the metric files
  edition TEXT NOT NULL,
  metric TEXT NOT NULL,
  breakdown TEXT NOT NULL,           -- none, platform, partner, language
  hour_utc INTEGER NOT NULL,
  key TEXT NOT NULL,
  value REAL,                        -- NULL: posts are there, and none says such a number
  low REAL,                          -- set: the value is at least that
  n INTEGER NOT NULL,
  oldest_utc INTEGER,
  numerator REAL, denominator REAL,  -- of a ratio: its two sums, which add up
  PRIMARY KEY (edition, metric, breakdown, hour_utc, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE sliced (                -- the metric files slices were made by: another text makes them all again
  metric TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE generation (            -- goes up with every change of what figures are made from: what was kept is void
  edition TEXT PRIMARY KEY,
  n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX reading_by_mention ON reading(edition, author, network, platform, class, kind, at_utc, followers,
                                          read_utc, story)
  WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video');  -- M-02, M-04: authors, one by one
CREATE INDEX reading_open ON reading(edition, at_utc) WHERE read_utc - at_utc < 2592000000;  -- may still grow (M-07-growth)

INSERT OR IGNORE INTO dirty(edition, hour_utc) SELECT DISTINCT edition, at_utc - at_utc % 3600000 FROM reading;
