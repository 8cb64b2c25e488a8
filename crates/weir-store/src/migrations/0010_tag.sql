-- Computed tags: when each was computed, as of which date. The values are statements like any other, in files that the run's
-- import names; a date at which nothing differed from what was in force has no import.

CREATE TABLE tag_run (
    id        INTEGER PRIMARY KEY,
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    tag       TEXT NOT NULL,
    as_of     INTEGER NOT NULL,                 -- day
    version   INTEGER NOT NULL,                 -- of the definition
    import    INTEGER,                          -- none: nothing was to be stated
    people    INTEGER NOT NULL,                 -- who have a value then
    stated    INTEGER NOT NULL,                 -- statements made
    started   INTEGER NOT NULL,                 -- microseconds
    finished  INTEGER NOT NULL
) STRICT;

CREATE INDEX tag_run_of ON tag_run (workspace, tag, id);
