-- How long events are kept and how much of the disk a workspace may use. Nothing is stored by these, so they may change at
-- any time.

ALTER TABLE workspace ADD COLUMN retention_days INTEGER;         -- none: for ever
ALTER TABLE workspace ADD COLUMN disk_limit INTEGER;             -- bytes; none: no limit
ALTER TABLE workspace ADD COLUMN disk_reserve INTEGER;           -- bytes that stay free; none: as built in

-- Rows of an import that retention has removed: accepted = rows there + expired.
ALTER TABLE import ADD COLUMN expired INTEGER NOT NULL DEFAULT 0;
