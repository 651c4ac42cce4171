-- Why: one post is carried across networks by bridges and shown by many servers. A sighting says under which name its
-- source saw the post, so that a link between two names can be undone; posts of one author with one text within a day
-- are one story; and what was spent is kept by budget, as one poll may spend of several.

ALTER TABLE sighting ADD COLUMN name BLOB;        -- the alias it was seen under
ALTER TABLE alias ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;  -- 1: a coordinator said that this is another post
ALTER TABLE post ADD COLUMN text_key BLOB;        -- keyed hash of the folded text: what cross-posts are found by
ALTER TABLE post ADD COLUMN story INTEGER;        -- first post of those by one author with one text within a day
CREATE INDEX post_by_text ON post(text_key) WHERE text_key IS NOT NULL;
CREATE INDEX post_by_story ON post(story) WHERE story IS NOT NULL;
ALTER TABLE reading ADD COLUMN story INTEGER;

CREATE TABLE spent (                 -- the ledger's other half: of each budget, in its own unit
  poll INTEGER NOT NULL REFERENCES poll(id) ON DELETE CASCADE,
  bucket TEXT NOT NULL,
  host TEXT NOT NULL,
  cost INTEGER NOT NULL,
  PRIMARY KEY (poll, bucket, host)
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_by_bucket ON spent(bucket, poll);
INSERT INTO spent(poll, bucket, host, cost) SELECT id, bucket, host, cost FROM poll WHERE cost > 0;
ALTER TABLE poll DROP COLUMN bucket;
ALTER TABLE poll DROP COLUMN cost;

CREATE TABLE stated (                -- a server's own count of a tag's uses: to hold ours against, never a figure
  source TEXT NOT NULL,
  tag TEXT NOT NULL,
  day_utc INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  accounts INTEGER,
  at_utc INTEGER NOT NULL,           -- when it was read; the last day of a reading may still go on
  PRIMARY KEY (source, tag, day_utc)
) STRICT, WITHOUT ROWID;
