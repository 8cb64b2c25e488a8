-- What people state about links. The latest statement about a pair counts; none is ever removed.

CREATE TABLE link_statement (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    a         INTEGER NOT NULL,                     -- nodes, a < b
    b         INTEGER NOT NULL,
    counts    INTEGER NOT NULL,                     -- 0: links between the two join nobody; 1: they do again
    author    TEXT NOT NULL,
    reason    TEXT,
    made      INTEGER NOT NULL                      -- microseconds since the epoch
) STRICT;

CREATE INDEX link_statement_by_pair ON link_statement (workspace, a, b);
