-- A share link shows one driver, several, those of a group, or cars near a rider.
ALTER TABLE shares ADD COLUMN IF NOT EXISTS driver_ids text[] COLLATE "C";
ALTER TABLE shares ADD COLUMN IF NOT EXISTS group_name text COLLATE "C";
ALTER TABLE shares ADD COLUMN IF NOT EXISTS names boolean NOT NULL DEFAULT false;
ALTER TABLE shares DROP CONSTRAINT IF EXISTS shares_kind;
ALTER TABLE shares ADD CONSTRAINT shares_kind CHECK (
    kind = 'driver' AND driver_id IS NOT NULL
    OR kind = 'drivers' AND driver_id IS NULL AND cardinality(driver_ids) > 0 AND octet_length(secret) = 32
    OR kind = 'group' AND driver_id IS NULL AND group_name IS NOT NULL AND octet_length(secret) = 32
    OR kind = 'nearby' AND driver_id IS NULL AND radius > 0 AND most > 0 AND octet_length(secret) = 32
);
