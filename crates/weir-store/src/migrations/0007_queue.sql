-- Queues are sources that Weir reads itself.

ALTER TABLE source ADD COLUMN queue TEXT;               -- of a queue: where it is, JSON, with its password as it is
