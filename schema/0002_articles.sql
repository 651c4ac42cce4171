-- Why: articles as the press copies them. One article may be found under several links and one text in several papers;
-- an article says where its date comes from, whose page it stands on and which others carry its text.

ALTER TABLE post ADD COLUMN date_basis TEXT;                          -- articles: stated, header, prose, first_seen
ALTER TABLE post ADD COLUMN date_conflict INTEGER NOT NULL DEFAULT 0; -- the item contradicts its own date
ALTER TABLE post ADD COLUMN place TEXT;                               -- as the item's header writes it
ALTER TABLE post ADD COLUMN outlet TEXT;                              -- registrable domain; NULL: an aggregator hides it
ALTER TABLE post ADD COLUMN outlet_country TEXT;                      -- by the table of outlets, else NULL: unknown
ALTER TABLE post ADD COLUMN relation TEXT;                            -- articles: owned, distribution, pickup
ALTER TABLE post ADD COLUMN cluster INTEGER;                          -- first post of those that carry the same text
CREATE INDEX post_by_cluster ON post(cluster) WHERE cluster IS NOT NULL;

CREATE TABLE alike (                 -- every headline and text an article was seen with: what copies are found by
  edition TEXT NOT NULL,
  sort INTEGER NOT NULL,             -- 0: the folded title's hash; 1 to 8: eight bits of the text's fingerprint
  value INTEGER NOT NULL,
  at_utc INTEGER NOT NULL,           -- the article's effective time (M-00)
  post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
  fingerprint INTEGER NOT NULL,      -- the whole SimHash; 0 for a title
  PRIMARY KEY (edition, sort, value, at_utc, post, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE INDEX alike_by_post ON alike(post);

ALTER TABLE reading ADD COLUMN outlet TEXT;
ALTER TABLE reading ADD COLUMN outlet_country TEXT;
ALTER TABLE reading ADD COLUMN relation TEXT;
ALTER TABLE reading ADD COLUMN cluster INTEGER;
CREATE INDEX reading_by_cluster ON reading(cluster, at_utc) WHERE cluster IS NOT NULL;

-- What is there already: outlets and countries follow from the configuration at the next start.
UPDATE post SET date_basis = iif(published_utc IS NULL, 'first_seen', 'stated'),
                relation = iif(partner IS NULL, 'pickup', 'owned'), cluster = id
WHERE kind = 'article';
UPDATE reading SET relation = iif(partner IS NULL, 'pickup', 'owned'), cluster = post WHERE kind = 'article';
INSERT OR IGNORE INTO dirty(edition, hour_utc)
SELECT edition, at_utc - at_utc % 3600000 FROM reading WHERE kind = 'article';
