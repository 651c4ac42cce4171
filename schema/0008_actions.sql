-- Why: figures of a million posts within a third of a second. What M-07 adds up is written down once a post, and an index
-- holds all that the dear metrics read of a mention, its author's posts side by side. And coverage is of what was looked
-- for, not of the name it has in the configuration.

ALTER TABLE reading ADD COLUMN actions INTEGER;  -- M-07: sum of what is known; filled as all readings are made again

DROP INDEX reading_by_mention;
CREATE INDEX reading_by_mention ON reading(edition, platform, author, network, partner, at_utc, read_utc, followers,
                                          actions, story, class, kind)
  WHERE class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video');
CREATE INDEX reading_by_partner ON reading(edition, partner, platform, author, network, class, kind, at_utc, read_utc,
                                          followers, actions)
  WHERE partner IS NOT NULL;

ALTER TABLE watch ADD COLUMN looked_for TEXT;    -- the term's text and conditions; NULL: from before it was written down
