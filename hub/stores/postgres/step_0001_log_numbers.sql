-- Columns for what is lost from the log (hub/recorder/missing.py).
ALTER TABLE log_offsets
    ADD COLUMN IF NOT EXISTS numbers_at text NOT NULL DEFAULT '0-0',
    ADD COLUMN IF NOT EXISTS numbers json NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS lost bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS damaged_at timestamptz;
-- Hubs before this step wrote no numbers, so nothing that was read is missing in them.
UPDATE log_offsets SET numbers_at = last_id WHERE numbers_at = '0-0';
