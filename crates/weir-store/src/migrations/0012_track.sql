-- What the tracks of a workspace have found and written. Times are microseconds since the epoch, dates days since then.

-- A number of a track that left its band: open until it is found within again. What was measured last stays.
CREATE TABLE alert (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    track     TEXT NOT NULL,
    rule      TEXT NOT NULL,                        -- name of the alert within its track
    watched   TEXT NOT NULL,                        -- JSON: the alert as it was
    first     INTEGER NOT NULL,                     -- the date it was found outside,
    last      INTEGER NOT NULL,                     -- and the last such date
    part      INTEGER NOT NULL,                     -- how many, at the last
    whole     INTEGER NOT NULL,                     -- of how many
    opened    INTEGER NOT NULL,
    closed    INTEGER                               -- none: open
) STRICT;

CREATE UNIQUE INDEX alert_open ON alert (workspace, track, rule) WHERE closed IS NULL;
CREATE INDEX alert_by_workspace ON alert (workspace, id);

-- Files below reports/, each <id>.<format>.
CREATE TABLE report (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    track     TEXT NOT NULL,
    as_of     INTEGER NOT NULL,
    format    TEXT NOT NULL,                        -- html, csv
    bytes     INTEGER NOT NULL,
    created   INTEGER NOT NULL
) STRICT;

CREATE INDEX report_by_track ON report (workspace, track, id);
