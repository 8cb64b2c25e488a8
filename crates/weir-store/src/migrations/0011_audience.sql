-- What an upload of list members said of itself, and how many of its identifiers somebody was known by.
CREATE TABLE list_upload (
    workspace INTEGER NOT NULL,
    import    INTEGER NOT NULL,
    list      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    hashing   TEXT,
    partner   TEXT,                                 -- none: the merchant's own
    matched   INTEGER NOT NULL,
    unmatched INTEGER NOT NULL,
    PRIMARY KEY (workspace, import),
    FOREIGN KEY (workspace, import) REFERENCES import (workspace, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX list_upload_by_list ON list_upload (workspace, list);

-- Sizes of audiences over time. The members of the latest run are a file, so that what came and went is exact.
CREATE TABLE audience_run (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    definition   INTEGER NOT NULL REFERENCES definition (id) ON DELETE CASCADE,
    as_of        INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    size         INTEGER NOT NULL,
    added        INTEGER,                           -- none: nothing to compare with
    dropped      INTEGER,
    content_hash TEXT NOT NULL,
    at           INTEGER NOT NULL,
    elapsed_us   INTEGER NOT NULL
) STRICT;

CREATE INDEX audience_run_by_date ON audience_run (definition, as_of, id);
