-- Vehicles have a type, and the instant since when their driver drives them. For vehicles of earlier releases that is the
-- last change of the row: nothing earlier is known.
ALTER TABLE vehicles ADD COLUMN IF NOT EXISTS type text NOT NULL DEFAULT '';
ALTER TABLE vehicles ADD COLUMN IF NOT EXISTS assigned_at timestamptz NOT NULL DEFAULT now();
UPDATE vehicles SET assigned_at = updated_at;
