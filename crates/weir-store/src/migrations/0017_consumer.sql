-- Which pushes one person was in: without this every recipient of every push would be looked at.
CREATE INDEX push_recipient_by_value ON push_recipient (value);
