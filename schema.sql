-- The hub's schema, whole and idempotent: `hub migrate` runs it as often as one likes. Core features of PostgreSQL 14 and
-- later only, no extension. Changes that this file cannot express on an existing database are numbered steps beside
-- hub/stores/migrate.py. docs/data.md has the reasons and the figures.
--
-- Ids compare byte by byte (collation "C"): what equality means for them anyway, and twice as fast to insert.

CREATE TABLE IF NOT EXISTS schema_steps (
    step text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE schema_steps IS 'Numbered steps of hub/stores/migrate.py that this database has had, or never needed.';
COMMENT ON COLUMN schema_steps.step IS 'File name of the step, without its extension.';
COMMENT ON COLUMN schema_steps.applied_at IS 'When the step was applied, or the database created.';

-- Columns of fixed width come first: no padding between them, 8 bytes a row less than in the order of meaning.
CREATE TABLE IF NOT EXISTS positions (
    recorded_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    latitude_e7 integer NOT NULL CHECK (latitude_e7 BETWEEN -900000000 AND 900000000),
    longitude_e7 integer NOT NULL CHECK (longitude_e7 BETWEEN -1800000000 AND 1800000000),
    speed double precision,
    heading double precision,
    accuracy double precision,
    altitude double precision,
    battery double precision,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    attributes json,
    CONSTRAINT positions_identity UNIQUE (fleet, driver_id, recorded_at, latitude_e7, longitude_e7)
) PARTITION BY RANGE (recorded_at);
COMMENT ON TABLE positions IS
    'Every accepted position once, partitioned by the UTC month of recorded_at. The recorder alone inserts; nobody updates.';
COMMENT ON COLUMN positions.recorded_at IS 'When the device took the fix, by its own clock.';
COMMENT ON COLUMN positions.received_at IS 'When the hub read the fix, by the hub''s clock.';
COMMENT ON COLUMN positions.latitude_e7 IS 'Degrees north, WGS 84, times 10,000,000: an integer, so that equality is exact.';
COMMENT ON COLUMN positions.longitude_e7 IS 'Degrees east, WGS 84, times 10,000,000.';
COMMENT ON COLUMN positions.speed IS 'Metres per second; null when unknown.';
COMMENT ON COLUMN positions.heading IS 'Direction of travel, degrees clockwise from true north; null when unknown.';
COMMENT ON COLUMN positions.accuracy IS 'Horizontal radius in metres (95 %); null when unknown.';
COMMENT ON COLUMN positions.altitude IS 'Metres; null when unknown.';
COMMENT ON COLUMN positions.battery IS 'Charge of the device, 0 to 1; null when unknown.';
COMMENT ON COLUMN positions.fleet IS 'The tenant.';
COMMENT ON COLUMN positions.driver_id IS 'Who was followed.';
COMMENT ON COLUMN positions.attributes IS
    'What the device said beyond these fields, untouched: json and not jsonb, which refuses \u0000.';
COMMENT ON CONSTRAINT positions_identity ON positions IS
    'What a position is: a resend by any protocol is the same row. Also the index of a driver''s track.';

-- Who was inside a box: a map tile of 0.02 degrees (2.2 km) and the time lead to the candidates, the exact box decides.
-- hub/stores/history.sql writes the same expression. docs/data.md compares it with GiST, SP-GiST, BRIN and other sizes.
CREATE INDEX IF NOT EXISTS positions_tile
    ON positions (fleet, (latitude_e7 / 200000 * 18000 + longitude_e7 / 200000), recorded_at);

CREATE TABLE IF NOT EXISTS positions_default PARTITION OF positions DEFAULT;
COMMENT ON TABLE positions_default IS
    'Positions whose month has no partition: a device clock far off, or a month that could not be created yet. Never the '
    'usual place: the recorder raises default_partition_used, and moves rows out when their month gets its partition.';

CREATE OR REPLACE VIEW tracks AS
SELECT
    fleet, driver_id, recorded_at, received_at,
    latitude_e7 / 1e7::double precision AS latitude, longitude_e7 / 1e7::double precision AS longitude,
    speed, heading, accuracy, altitude, battery, attributes
FROM positions;
COMMENT ON VIEW tracks IS 'Positions in degrees, for reading. Order by recorded_at for a driver''s track.';

CREATE TABLE IF NOT EXISTS dead_letters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id text NOT NULL,
    fleet text,
    reason text NOT NULL,
    payload bytea NOT NULL,
    buried_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE dead_letters IS
    'What the recorder could not store, as it stood in the log; its neighbours were stored. docs/data.md says what to do.';
COMMENT ON COLUMN dead_letters.id IS 'Order of burial.';
COMMENT ON COLUMN dead_letters.entry_id IS 'Id of the log entry that held it.';
COMMENT ON COLUMN dead_letters.fleet IS 'The tenant, where it could be read.';
COMMENT ON COLUMN dead_letters.reason IS 'What was wrong with it.';
COMMENT ON COLUMN dead_letters.payload IS 'One position''s JSON, or a whole field of the entry where it could not be taken apart.';
COMMENT ON COLUMN dead_letters.buried_at IS 'When it was given up.';

CREATE TABLE IF NOT EXISTS log_offsets (
    log text PRIMARY KEY,
    last_id text NOT NULL DEFAULT '0-0',
    committed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE log_offsets IS 'How far the recorder has come; moves in the same transaction as the rows.';
COMMENT ON COLUMN log_offsets.log IS 'Redis key of the log.';
COMMENT ON COLUMN log_offsets.last_id IS 'Id of the last entry whose positions are stored; 0-0 before the first.';
COMMENT ON COLUMN log_offsets.committed_at IS 'When it moved last.';
