-- The password of a workspace, beside its tokens: a slow hash (PHC string) that other layers make and compare.
CREATE TABLE password (
    workspace INTEGER PRIMARY KEY REFERENCES workspace (id),
    hash      TEXT NOT NULL,
    changed   INTEGER NOT NULL                      -- microseconds since the epoch
) STRICT;
