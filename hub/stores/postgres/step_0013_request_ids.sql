-- The request that a payload came in. The first versions have no quarantine, which schema.sql then makes.
ALTER TABLE IF EXISTS quarantine ADD COLUMN IF NOT EXISTS request_id text;
