-- Metadata of all workspaces. Times are microseconds since the epoch, days are days since 1970-01-01.

CREATE TABLE secret (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE workspace (
    id                  INTEGER PRIMARY KEY,
    name                TEXT NOT NULL UNIQUE,
    created             INTEGER NOT NULL,
    timezone            TEXT NOT NULL,
    currency            TEXT NOT NULL,
    identity            TEXT NOT NULL,              -- the identity policy, JSON
    generation          INTEGER NOT NULL DEFAULT 0, -- goes up whenever answers may change
    next_node           INTEGER NOT NULL DEFAULT 0, -- never goes back
    next_snapshot       INTEGER NOT NULL DEFAULT 1, -- never goes back
    segments_generation INTEGER                     -- the generation that the segment files cover
) STRICT;

CREATE TABLE rate (
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    currency  TEXT NOT NULL,
    day       INTEGER NOT NULL,
    rate      TEXT NOT NULL,                        -- decimal: reporting currency for one of `currency`
    PRIMARY KEY (workspace, currency, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    id        INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    source    TEXT NOT NULL,
    files     TEXT NOT NULL,                        -- JSON list of names
    mapping   TEXT,
    started   INTEGER NOT NULL,
    finished  INTEGER NOT NULL,
    ledger    TEXT NOT NULL,                        -- JSON
    state     TEXT NOT NULL,                        -- done, undone
    PRIMARY KEY (workspace, id)
) STRICT, WITHOUT ROWID;

-- The live files. What is on disk and not here does not exist.
CREATE TABLE file (
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    path      TEXT NOT NULL,                        -- relative to the workspace's directory
    kind      TEXT NOT NULL,
    import    INTEGER,                              -- none: a segment or a snapshot
    label     TEXT,                                 -- name of a list, id of a snapshot
    rows      INTEGER NOT NULL,
    bytes     INTEGER NOT NULL,
    checksum  TEXT NOT NULL,                        -- XXH3-64, hex
    format    INTEGER NOT NULL,
    min_day   INTEGER,
    max_day   INTEGER,
    PRIMARY KEY (workspace, path),
    FOREIGN KEY (workspace, import) REFERENCES import (workspace, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX file_by_import ON file (workspace, import);

-- Which live import states which tag.
CREATE TABLE tag (
    workspace INTEGER NOT NULL,
    import    INTEGER NOT NULL,
    key       TEXT NOT NULL,
    kind      TEXT NOT NULL,
    PRIMARY KEY (workspace, import, key),
    FOREIGN KEY (workspace, import) REFERENCES import (workspace, id)
) STRICT, WITHOUT ROWID;

-- Every entry of every live import; the latest import's entry counts.
CREATE TABLE catalog (
    workspace INTEGER NOT NULL,
    import    INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    id        TEXT NOT NULL,
    name      TEXT,
    name_zh   TEXT,
    parent    TEXT,
    brand     TEXT,
    price     INTEGER,                              -- units of 1/10000
    PRIMARY KEY (workspace, import, kind, id),
    FOREIGN KEY (workspace, import) REFERENCES import (workspace, id)
) STRICT, WITHOUT ROWID;

-- Audiences and state models: named, with every version kept.
CREATE TABLE definition (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    created   INTEGER NOT NULL,
    UNIQUE (workspace, kind, name)
) STRICT;

CREATE TABLE definition_version (
    definition  INTEGER NOT NULL REFERENCES definition (id) ON DELETE CASCADE,
    version     INTEGER NOT NULL,
    body        TEXT NOT NULL,                      -- JSON
    description TEXT,
    created     INTEGER NOT NULL,
    PRIMARY KEY (definition, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshot (
    workspace    INTEGER NOT NULL REFERENCES workspace (id),
    id           INTEGER NOT NULL,
    name         TEXT NOT NULL,
    as_of        INTEGER NOT NULL,
    source       TEXT NOT NULL,                     -- the expression it was cut from, JSON
    size         INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    created      INTEGER NOT NULL,
    PRIMARY KEY (workspace, id),
    UNIQUE (workspace, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    name      TEXT NOT NULL,
    hash      TEXT NOT NULL UNIQUE,                 -- SHA-256 of the secret, hex
    created   INTEGER NOT NULL,
    last_used INTEGER,
    revoked   INTEGER,
    UNIQUE (workspace, name)
) STRICT;
