-- The request that a payload came in.
ALTER TABLE quarantine ADD COLUMN IF NOT EXISTS request_id text;
