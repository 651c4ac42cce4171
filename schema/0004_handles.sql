-- Why: on some platforms an account is an id (a DID, a channel), and what people know and configure is a handle. Its
-- keyed hash, as secret as the pseudonym, lets an organisation that is registered later find its own posts. And what is
-- kept for an organisation's sake alone goes some days after it is registered no more, not at a slip of the pen.

ALTER TABLE author ADD COLUMN handle BLOB;
CREATE INDEX author_by_handle ON author(handle) WHERE handle IS NOT NULL;
ALTER TABLE post ADD COLUMN left_utc INTEGER;   -- since when: matches nothing, and its account is registered no more
CREATE INDEX post_left ON post(left_utc) WHERE left_utc IS NOT NULL;
