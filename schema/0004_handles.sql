-- Why: on some platforms an account is an id (a DID, a channel), and what people know and configure is a handle. Its
-- keyed hash, as secret as the pseudonym, lets an organisation that is registered later find its own posts.

ALTER TABLE author ADD COLUMN handle BLOB;
CREATE INDEX author_by_handle ON author(handle) WHERE handle IS NOT NULL;
