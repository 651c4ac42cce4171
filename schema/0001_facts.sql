-- Why: the first schema. Facts are append-only; what is derived from them says so and can be made again.
-- Times are UTC milliseconds. A missing counter is NULL, never 0.

CREATE TABLE source (                -- how far each source is read; state, not fact
  id TEXT PRIMARY KEY,
  connector TEXT NOT NULL,
  host TEXT NOT NULL,
  digest BLOB NOT NULL,              -- of the source and the terms: when it changes, the cursor is void
  position TEXT NOT NULL DEFAULT '',
  etag TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  software TEXT NOT NULL DEFAULT '',
  failures INTEGER NOT NULL DEFAULT 0,      -- in a row
  interval_ms INTEGER NOT NULL DEFAULT 0,
  next_poll_utc INTEGER NOT NULL DEFAULT 0,
  last_poll_utc INTEGER,
  last_success_utc INTEGER,
  message TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE observer (              -- who was asked: a platform's host
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  host TEXT NOT NULL,
  UNIQUE (platform, host)
) STRICT;

CREATE TABLE author (                -- per edition and under its key: no profile grows over the years
  id INTEGER PRIMARY KEY,
  edition TEXT NOT NULL,
  platform TEXT NOT NULL,
  pseudonym BLOB NOT NULL,
  name TEXT,                         -- registered organisations and media only
  partner TEXT,
  bot INTEGER,                       -- as the account declares itself (M-17)
  UNIQUE (edition, platform, pseudonym)
) STRICT;

CREATE TABLE audience (              -- followers as read (M-03: at post time, never today's)
  author INTEGER NOT NULL REFERENCES author(id) ON DELETE CASCADE,
  at_utc INTEGER NOT NULL,
  followers INTEGER NOT NULL,
  PRIMARY KEY (author, at_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE post (
  id INTEGER PRIMARY KEY,
  edition TEXT NOT NULL,             -- the one its effective time lies in; editions do not overlap
  platform TEXT NOT NULL,
  network TEXT NOT NULL,             -- whose followers are shared (M-04): the fediverse is one
  host TEXT NOT NULL,                -- home server, or outlet
  author INTEGER NOT NULL REFERENCES author(id),
  kind TEXT NOT NULL,
  published_utc INTEGER,
  edited_utc INTEGER,
  first_seen_utc INTEGER NOT NULL,
  confirmed_utc INTEGER NOT NULL,    -- last read, changed or not: the one mutable column
  language TEXT,
  media_count INTEGER NOT NULL DEFAULT 0,
  partner TEXT,                      -- of an article, by the page it stands on; of other posts the author says it
  uri TEXT,                          -- these two may name a person: they never leave this table but for the local page
  url TEXT,
  title TEXT,                        -- organisations and media only
  text TEXT
) STRICT;
CREATE INDEX post_by_author ON post(author);

CREATE TABLE alias (                 -- every name a post has, as a keyed hash
  key BLOB PRIMARY KEY,
  post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
  why TEXT NOT NULL,
  at_utc INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_by_post ON alias(post);

CREATE TABLE sighting (              -- who showed it, under which id of their own
  post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
  source TEXT NOT NULL,
  local_id TEXT NOT NULL,
  first_utc INTEGER NOT NULL,
  last_utc INTEGER NOT NULL,
  PRIMARY KEY (post, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE match (                 -- why it counts; a lost tag closes the row
  post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
  edition TEXT NOT NULL,
  term TEXT NOT NULL,
  class TEXT NOT NULL,
  from_utc INTEGER NOT NULL,
  until_utc INTEGER,
  PRIMARY KEY (post, edition, from_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE observation (           -- a row only when something changed
  post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
  observer INTEGER NOT NULL REFERENCES observer(id),
  at_utc INTEGER NOT NULL,
  likes INTEGER, reposts INTEGER, quotes INTEGER, replies INTEGER, views INTEGER,
  PRIMARY KEY (post, observer, at_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE recheck (               -- when a post is due to be measured, and where; derived from observation and pace
  observer INTEGER NOT NULL REFERENCES observer(id),
  post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
  local_id TEXT NOT NULL,
  due_utc INTEGER NOT NULL,
  missing_utc INTEGER,               -- first sign that it is gone
  PRIMARY KEY (observer, post)
) STRICT, WITHOUT ROWID;
CREATE INDEX recheck_due ON recheck(observer, due_utc);
CREATE INDEX recheck_by_post ON recheck(post);

CREATE TABLE poll (                  -- the ledger: one row for every poll and every measurement
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,              -- a source's id, or measure:HOST
  host TEXT NOT NULL,
  start_utc INTEGER NOT NULL,
  end_utc INTEGER NOT NULL,
  outcome TEXT NOT NULL,             -- ok, interrupted, or the failure's name
  requests INTEGER NOT NULL,
  bucket TEXT NOT NULL,
  cost INTEGER NOT NULL,
  found INTEGER NOT NULL,
  matched INTEGER NOT NULL,
  fresh INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  opted_out INTEGER NOT NULL,
  covered_from_utc INTEGER           -- M-14; NULL: covers nothing
) STRICT;
CREATE INDEX poll_by_source ON poll(source, end_utc, outcome, found, matched);
CREATE INDEX poll_by_end ON poll(end_utc);
CREATE INDEX poll_with_opt_outs ON poll(end_utc, source, opted_out) WHERE opted_out > 0;

CREATE TABLE covered (               -- union of what polls covered, derived from poll
  source TEXT NOT NULL,
  from_utc INTEGER NOT NULL,
  until_utc INTEGER NOT NULL,
  PRIMARY KEY (source, from_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE watch (                 -- which source watched which term when
  source TEXT NOT NULL,
  edition TEXT NOT NULL,
  term TEXT NOT NULL,
  from_utc INTEGER NOT NULL,
  until_utc INTEGER,
  PRIMARY KEY (source, edition, term, from_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE change (                -- what was configured, merged, corrected, when
  id INTEGER PRIMARY KEY,
  at_utc INTEGER NOT NULL,
  what TEXT NOT NULL,
  old TEXT,
  new TEXT,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE tombstone (             -- keyed hashes of removed names: a late poll cannot bring them back
  hash BLOB PRIMARY KEY,
  until_utc INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE removal (               -- how many went, never which
  edition TEXT NOT NULL,
  platform TEXT NOT NULL,
  hour_utc INTEGER NOT NULL,
  kind TEXT NOT NULL,
  why TEXT NOT NULL,
  at_utc INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (edition, platform, hour_utc, kind, why, at_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE settled (               -- what a metric said before its facts had to go
  edition TEXT NOT NULL,
  metric TEXT NOT NULL,
  version TEXT NOT NULL,
  breakdown TEXT NOT NULL,
  period TEXT NOT NULL,
  value REAL, low REAL, high REAL,
  n INTEGER,
  at_utc INTEGER NOT NULL,
  PRIMARY KEY (edition, metric, version, breakdown, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE figure (                -- self-reported or counted by hand, never summed with what was collected
  id INTEGER PRIMARY KEY,
  edition TEXT NOT NULL,
  partner TEXT,
  name TEXT NOT NULL,
  value REAL NOT NULL,
  unit TEXT NOT NULL,
  at_utc INTEGER NOT NULL,
  evidence TEXT NOT NULL,
  who TEXT NOT NULL
) STRICT;

CREATE TABLE measure (               -- publicity measures: planned, evidenced, claimed
  id TEXT NOT NULL,
  edition TEXT NOT NULL,
  partner TEXT NOT NULL,
  description TEXT NOT NULL,
  unit TEXT NOT NULL,
  planned REAL, evidenced REAL, claimed REAL,
  status TEXT NOT NULL,
  PRIMARY KEY (edition, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE report (                -- sealed reports
  id INTEGER PRIMARY KEY,
  edition TEXT NOT NULL,
  sealed_utc INTEGER NOT NULL,
  as_of_utc INTEGER NOT NULL,
  digest BLOB NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE reading (               -- what the metrics read: a row per matched post; derived, kept up to date
  post INTEGER PRIMARY KEY REFERENCES post(id) ON DELETE CASCADE,
  edition TEXT NOT NULL,
  at_utc INTEGER NOT NULL,           -- M-00: the earlier of published and first seen
  platform TEXT NOT NULL,
  network TEXT NOT NULL,
  host TEXT NOT NULL,
  author INTEGER NOT NULL,
  partner TEXT,
  bot INTEGER,
  kind TEXT NOT NULL,
  class TEXT NOT NULL,
  term TEXT NOT NULL,
  language TEXT,
  followers INTEGER,                 -- M-03
  followers_late INTEGER NOT NULL,
  likes INTEGER, reposts INTEGER, quotes INTEGER, replies INTEGER, views INTEGER,
  lower_bound INTEGER NOT NULL,      -- M-07: the home server did not say, the highest seen elsewhere stands
  read_utc INTEGER NOT NULL
) STRICT;
CREATE INDEX reading_by_time ON reading(edition, at_utc);
CREATE INDEX reading_by_author ON reading(author);

CREATE TABLE dirty (                 -- hours whose slices are out of date
  edition TEXT NOT NULL,
  hour_utc INTEGER NOT NULL,
  PRIMARY KEY (edition, hour_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE slice (                 -- additive metrics by hour and platform, made by the metric files
  edition TEXT NOT NULL,
  metric TEXT NOT NULL,
  hour_utc INTEGER NOT NULL,
  platform TEXT NOT NULL,
  value INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (edition, metric, hour_utc, platform)
) STRICT, WITHOUT ROWID;
