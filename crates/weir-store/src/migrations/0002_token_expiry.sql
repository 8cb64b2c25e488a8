-- Sessions of the console are tokens that end.

ALTER TABLE token ADD COLUMN expires INTEGER;           -- none: never
