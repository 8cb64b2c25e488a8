-- Features that a workspace is without. What is not here is on.
CREATE TABLE feature_off (
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    name      TEXT NOT NULL,
    since     INTEGER NOT NULL,                     -- microseconds since the epoch
    PRIMARY KEY (workspace, name)
) STRICT, WITHOUT ROWID;
