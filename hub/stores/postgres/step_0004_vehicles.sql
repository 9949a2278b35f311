-- Vehicles have a type, and the instant since when their driver drives them. For vehicles of earlier releases that is the
-- last change of the row: nothing earlier is known.
ALTER TABLE vehicles ADD COLUMN IF NOT EXISTS type text NOT NULL DEFAULT '';
ALTER TABLE vehicles ADD COLUMN IF NOT EXISTS assigned_at timestamptz NOT NULL DEFAULT now();
UPDATE vehicles SET assigned_at = updated_at;
-- A share link shows one driver, or cars near a rider.
ALTER TABLE shares ALTER COLUMN driver_id DROP NOT NULL;
ALTER TABLE shares ADD COLUMN IF NOT EXISTS kind text NOT NULL DEFAULT 'driver';
ALTER TABLE shares ADD COLUMN IF NOT EXISTS radius double precision;
ALTER TABLE shares ADD COLUMN IF NOT EXISTS most integer;
ALTER TABLE shares ADD COLUMN IF NOT EXISTS secret bytea;
ALTER TABLE shares ADD CONSTRAINT shares_kind CHECK (
    kind = 'driver' AND driver_id IS NOT NULL
    OR kind = 'nearby' AND driver_id IS NULL AND radius > 0 AND most > 0 AND octet_length(secret) = 32
);
-- Thresholds of presence of single drivers.
ALTER TABLE drivers ADD COLUMN IF NOT EXISTS stale_after double precision;
ALTER TABLE drivers ADD COLUMN IF NOT EXISTS offline_after double precision;
