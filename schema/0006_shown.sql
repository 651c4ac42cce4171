-- Why: a home server may answer "not found" of a post it never shows to us, though others show it. That is no end of the
-- post: only who has shown it can say that it is gone.

ALTER TABLE recheck ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;  -- 1: this observer has shown the post
UPDATE recheck SET shown = 1
WHERE EXISTS (SELECT 1 FROM observation WHERE observation.post = recheck.post AND observation.observer = recheck.observer)
   OR EXISTS (SELECT 1 FROM sighting JOIN source ON source.id = sighting.source JOIN observer ON observer.host = source.host
              WHERE sighting.post = recheck.post AND observer.id = recheck.observer);
