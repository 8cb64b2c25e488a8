-- Ingest. Frames of the log before this position are in Parquet.
ALTER TABLE workspace ADD COLUMN log_flushed INTEGER NOT NULL DEFAULT 0;

-- Event files that a compacted file stands for, one name a line.
ALTER TABLE file ADD COLUMN replaces TEXT;

-- What came in by each source on each UTC day of receipt: read = accepted + duplicate + rejected.
CREATE TABLE intake (
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    source    TEXT NOT NULL,
    day       INTEGER NOT NULL,
    accepted  INTEGER NOT NULL,
    duplicate INTEGER NOT NULL,
    reasons   TEXT NOT NULL,                        -- JSON: reason -> messages refused
    remarks   TEXT NOT NULL,                        -- JSON: remark -> arrivals kept with it
    last_time INTEGER NOT NULL,                     -- when the last of them was received
    PRIMARY KEY (workspace, source, day)
) STRICT, WITHOUT ROWID;
