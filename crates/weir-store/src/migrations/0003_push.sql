-- Pushes and what their destinations need beside their definitions. Times are microseconds since the epoch.

ALTER TABLE workspace ADD COLUMN next_push INTEGER NOT NULL DEFAULT 1; -- never goes back

-- Signing secrets, as they are: whoever can read weir.db can sign.
CREATE TABLE destination_secret (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace   INTEGER NOT NULL REFERENCES workspace (id),
    destination TEXT NOT NULL,
    secret      TEXT NOT NULL,
    created     INTEGER NOT NULL,
    expires     INTEGER                             -- none: the newest
) STRICT;

CREATE INDEX destination_secret_by_name ON destination_secret (workspace, destination);

-- Destinations that nothing is sent to, for a reason.
CREATE TABLE destination_disabled (
    workspace   INTEGER NOT NULL REFERENCES workspace (id),
    destination TEXT NOT NULL,
    since       INTEGER NOT NULL,
    reason      TEXT NOT NULL,
    PRIMARY KEY (workspace, destination)
) STRICT, WITHOUT ROWID;

CREATE TABLE push (
    id          INTEGER PRIMARY KEY,
    workspace   INTEGER NOT NULL REFERENCES workspace (id),
    number      INTEGER NOT NULL,                   -- the n of its id, pn
    key         TEXT NOT NULL,                      -- random; message and recipient ids are made from it
    name        TEXT,
    audience    TEXT,                               -- name of the audience, if it was one
    expression  TEXT NOT NULL,                      -- JSON
    as_of       INTEGER NOT NULL,
    destination TEXT NOT NULL,                      -- its name, or the path of a file
    definition  TEXT,                               -- JSON, as it was; none: it happened elsewhere
    path        TEXT,                               -- where the file goes, if not among the exports
    percent     REAL NOT NULL,                      -- of the holdout
    salt        TEXT NOT NULL,
    state       TEXT NOT NULL,                      -- preparing, sending, done, stopped
    created     INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    holdout     INTEGER NOT NULL,
    suppressed  TEXT NOT NULL,                      -- JSON: reason to count
    UNIQUE (workspace, number)
) STRICT;

CREATE INDEX push_by_state ON push (state);

-- A call: recipients of one message have the outcome of their message, so they change together.
CREATE TABLE push_message (
    push       INTEGER NOT NULL REFERENCES push (id),
    number     INTEGER NOT NULL,
    first      INTEGER NOT NULL,                    -- numbers of its recipients lie between these,
    last       INTEGER NOT NULL,                    -- the left-out among them
    recipients INTEGER NOT NULL,
    outcome    TEXT NOT NULL,                       -- pending, sent, failed, unknown
    reason     TEXT,
    attempts   INTEGER NOT NULL DEFAULT 0,
    failures   INTEGER NOT NULL DEFAULT 0,          -- attempts that ended in a failure that was learnt
    next       INTEGER,                             -- when it may be tried; none: final
    shift      INTEGER,                             -- whose worker has it now
    PRIMARY KEY (push, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX push_message_due ON push_message (push, next) WHERE next IS NOT NULL;

CREATE TABLE push_recipient (
    push        INTEGER NOT NULL REFERENCES push (id),
    number      INTEGER NOT NULL,
    kind        TEXT NOT NULL,                      -- the canonical identifier
    value       TEXT NOT NULL,
    identifiers TEXT,                               -- JSON: kind to values, as wanted by the destination
    message     INTEGER,                            -- none: left out
    left_out    TEXT,                               -- holdout, or the reason of suppression
    PRIMARY KEY (push, number)
) STRICT, WITHOUT ROWID;

-- Recorded before the call; without an end the outcome was never learnt.
CREATE TABLE push_attempt (
    push    INTEGER NOT NULL,
    message INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    started INTEGER NOT NULL,
    ended   INTEGER,
    outcome TEXT,
    status  INTEGER,                                -- of HTTP
    detail  TEXT,
    PRIMARY KEY (push, message, number),
    FOREIGN KEY (push, message) REFERENCES push_message (push, number)
) STRICT, WITHOUT ROWID;
