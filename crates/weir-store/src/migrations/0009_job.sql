-- Jobs: work that takes long, and what is said about definitions. Times are microseconds since the epoch.

ALTER TABLE workspace ADD COLUMN next_job INTEGER NOT NULL DEFAULT 1; -- never goes back

CREATE TABLE job (
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    number    INTEGER NOT NULL,                     -- the n of its id, jn
    kind      TEXT NOT NULL,                        -- import, refresh, …
    subject   TEXT NOT NULL,                        -- what it works on
    state     TEXT NOT NULL,                        -- running, done, failed, cancelled, interrupted
    stage     TEXT NOT NULL,                        -- what it is doing
    done      INTEGER NOT NULL,
    total     INTEGER,                              -- none: not known
    started   INTEGER NOT NULL,
    seen      INTEGER NOT NULL,                     -- when its process last said that it is there
    ended     INTEGER,
    cancel    INTEGER NOT NULL DEFAULT 0,           -- 1: somebody wants it to end
    result    TEXT,                                 -- JSON, of one that is done
    error     TEXT,                                 -- JSON, of one that failed
    PRIMARY KEY (workspace, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_by_subject ON job (workspace, kind, subject, number);

-- Owner, role, labels and schedule of a version, JSON; none: nothing is said.
ALTER TABLE definition_version ADD COLUMN about TEXT;
