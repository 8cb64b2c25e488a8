-- Sources: where events come from over the wire. Times are microseconds since the epoch.

CREATE TABLE source (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL,                        -- sdk
    origins   TEXT NOT NULL,                        -- JSON: pages that may send, such as https://shop.example; empty: all
    created   INTEGER NOT NULL,
    last_used INTEGER,
    disabled  INTEGER,                              -- since when
    revoked   INTEGER,                              -- since when it has no key
    UNIQUE (workspace, name)
) STRICT;

-- Write keys open one thing: the way in. The newest has no end.
CREATE TABLE source_key (
    hash    TEXT PRIMARY KEY,                       -- SHA-256 of the key, hex
    source  INTEGER NOT NULL REFERENCES source (id),
    prefix  TEXT NOT NULL,                          -- how the key begins, to tell it from others
    created INTEGER NOT NULL,
    expires INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX source_key_by_source ON source_key (source);

-- What clients' names of events and campaigns mean, JSON; none: as built in.
ALTER TABLE workspace ADD COLUMN mappings TEXT;
