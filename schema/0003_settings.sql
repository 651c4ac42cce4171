-- Why: what is configured is part of what a figure means, so every change of it is dated. `setting` is the state, as
-- the files said it last; `change` tells what it was.

CREATE TABLE setting (
  entry TEXT NOT NULL,               -- "partner ipa", "term tag", "fetch"
  key TEXT NOT NULL,
  value TEXT NOT NULL,               -- as one writes it in TOML
  PRIMARY KEY (entry, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX change_by_time ON change(at_utc);
