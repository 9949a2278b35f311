-- The hub's schema, complete and idempotent: `hub migrate` may run it any number of times. Core features of PostgreSQL 14
-- and later only, no extension. Changes that this file cannot express on an existing database are numbered steps in
-- hub/stores/postgres. docs/data.md has the reasons and the figures.
--
-- Ids compare byte by byte (collation "C"): their order has no meaning, and inserting is twice as fast.

CREATE TABLE IF NOT EXISTS schema_steps (
    step text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE schema_steps IS 'Numbered steps of hub/stores/postgres/migrate.py that were applied to this database, or that it never needed.';
COMMENT ON COLUMN schema_steps.step IS 'File name of the step, without its extension.';
COMMENT ON COLUMN schema_steps.applied_at IS 'When the step was applied, or the database created.';

CREATE TABLE IF NOT EXISTS schema_version (
    version integer NOT NULL,
    digest text NOT NULL
);
COMMENT ON TABLE schema_version IS 'One row: the schema of this database. A hub that knows only older versions refuses it.';
COMMENT ON COLUMN schema_version.version IS 'VERSION of hub/stores/postgres/migrate.py.';
COMMENT ON COLUMN schema_version.digest IS 'SHA-256 of the schema.sql that was applied last.';

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
    'Every accepted position once, partitioned by the UTC month of recorded_at. Only the recorder inserts; rows are never updated.';
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
COMMENT ON COLUMN positions.driver_id IS 'The driver.';
COMMENT ON COLUMN positions.attributes IS
    'Other data from the device, unchanged: json and not jsonb, which refuses \u0000.';
COMMENT ON CONSTRAINT positions_identity ON positions IS
    'The identity of a position: a resend by any protocol is the same row. Also the index of a driver''s track.';

-- Drivers inside a box: a map tile of 0.02 degrees (2.2 km) and the time select candidates, then the exact box decides.
-- hub/stores/postgres/history/reads.sql writes the same expression. docs/data.md compares it with GiST, SP-GiST, BRIN and other sizes.
CREATE INDEX IF NOT EXISTS positions_tile
    ON positions (fleet, (latitude_e7 / 200000 * 18000 + longitude_e7 / 200000), recorded_at);

CREATE TABLE IF NOT EXISTS positions_default PARTITION OF positions DEFAULT;
COMMENT ON TABLE positions_default IS
    'Positions whose month has no partition: a wrong device clock, or a month that could not be created yet. The recorder '
    'logs default_partition_used for them, and moves the rows when their month gets its partition.';

CREATE OR REPLACE VIEW tracks AS
SELECT
    fleet, driver_id, recorded_at, received_at,
    latitude_e7 / 1e7::double precision AS latitude, longitude_e7 / 1e7::double precision AS longitude,
    speed, heading, accuracy, altitude, battery, attributes
FROM positions;
COMMENT ON VIEW tracks IS 'Positions in degrees, for reading. Order by recorded_at for a driver''s track.';

-- Not a column of positions: it would make an upgrade of a large table wait for its index, and few
-- positions have a trace (docs/operations.md).
CREATE TABLE IF NOT EXISTS traced_positions (
    stored_at timestamptz NOT NULL DEFAULT now(),
    recorded_at timestamptz NOT NULL,
    trace_id uuid NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    entry_id text NOT NULL,
    PRIMARY KEY (fleet, driver_id, recorded_at, trace_id)
);
CREATE INDEX IF NOT EXISTS traced_positions_trace ON traced_positions (trace_id);
CREATE INDEX IF NOT EXISTS traced_positions_oldest ON traced_positions USING brin (stored_at);
COMMENT ON TABLE traced_positions IS
    'Traces of stored positions whose sender records a trace (W3C traceparent). Written by the recorder; kept for HUB_TRACE_DAYS.';
COMMENT ON COLUMN traced_positions.stored_at IS 'Begin of the transaction that stored the position.';
COMMENT ON COLUMN traced_positions.recorded_at IS 'That of the position.';
COMMENT ON COLUMN traced_positions.trace_id IS 'Trace id of the fix, or of its request.';
COMMENT ON COLUMN traced_positions.fleet IS 'The tenant.';
COMMENT ON COLUMN traced_positions.driver_id IS 'The driver.';
COMMENT ON COLUMN traced_positions.entry_id IS 'Id of the log entry that held the position.';

CREATE TABLE IF NOT EXISTS dead_letters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id text NOT NULL,
    fleet text,
    reason text NOT NULL,
    payload bytea NOT NULL,
    buried_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE dead_letters IS
    'Content of the log that the recorder could not store, as it was in the log; the positions around it were stored. '
    'docs/data.md says what to do.';
COMMENT ON COLUMN dead_letters.id IS 'Order of insertion.';
COMMENT ON COLUMN dead_letters.entry_id IS 'Id of the log entry that held it.';
COMMENT ON COLUMN dead_letters.fleet IS 'The tenant, where it could be read.';
COMMENT ON COLUMN dead_letters.reason IS 'Why it could not be stored.';
COMMENT ON COLUMN dead_letters.payload IS 'JSON of one position, or a whole field of the entry if it could not be decoded.';
COMMENT ON COLUMN dead_letters.buried_at IS 'When it was inserted.';

CREATE TABLE IF NOT EXISTS log_offsets (
    log text PRIMARY KEY,
    last_id text NOT NULL DEFAULT '0-0',
    committed_at timestamptz NOT NULL DEFAULT now(),
    numbers_at text NOT NULL DEFAULT '0-0',
    numbers json NOT NULL DEFAULT '{}',
    lost bigint NOT NULL DEFAULT 0,
    damaged_at timestamptz
);
COMMENT ON TABLE log_offsets IS 'How far the recorder has read the log; updated in the same transaction as the rows.';
COMMENT ON COLUMN log_offsets.log IS 'Redis key of the log.';
COMMENT ON COLUMN log_offsets.last_id IS 'Id of the last entry whose positions are stored; 0-0 before the first.';
COMMENT ON COLUMN log_offsets.committed_at IS 'Time of the last commit.';
COMMENT ON COLUMN log_offsets.numbers_at IS 'The last_id that numbers belongs to; differs from last_id if a recorder that does not count moved the offset.';
COMMENT ON COLUMN log_offsets.numbers IS 'How many positions of each hub process were read, or are lost (hub/recorder/missing.py).';
COMMENT ON COLUMN log_offsets.lost IS 'Acknowledged positions that were removed from the log before they were stored.';
COMMENT ON COLUMN log_offsets.damaged_at IS 'When positions or the entry last_id were last found missing; null if never.';

-- Trips and stops: a function of the positions of a driver, maintained by the recorder (docs/trips.md). ----------------

CREATE TABLE IF NOT EXISTS trips (
    id uuid NOT NULL UNIQUE,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    counted_to timestamptz NOT NULL CHECK (counted_to > started_at),
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    end_latitude double precision,
    end_longitude double precision,
    distance double precision NOT NULL CHECK (distance >= 0),
    duration double precision NOT NULL GENERATED ALWAYS AS (extract(epoch FROM counted_to - started_at)) STORED,
    moving_time double precision NOT NULL CHECK (moving_time >= 0),
    max_speed double precision NOT NULL,
    points integer NOT NULL,
    gap_distance double precision NOT NULL DEFAULT 0,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    path text,
    CONSTRAINT trips_identity PRIMARY KEY (fleet, driver_id, started_at)
) WITH (fillfactor = 80);  -- open trips are updated in place
CREATE INDEX IF NOT EXISTS trips_started ON trips (fleet, started_at);
COMMENT ON TABLE trips IS
    'Movement between two stops. While a trip is open (ended_at is null), its figures are those at counted_to.';
COMMENT ON COLUMN trips.id IS 'UUID made of fleet, driver and start: the same positions make the same trip, in whatever order they arrive.';
COMMENT ON COLUMN trips.started_at IS 'When the driver left its stop; without a stop, its first position.';
COMMENT ON COLUMN trips.ended_at IS 'When it stopped, or its last position before a gap; null while the trip is open.';
COMMENT ON COLUMN trips.counted_to IS 'recorded_at of the last position in the figures; at most a minute old while the trip is open.';
COMMENT ON COLUMN trips.latitude IS 'Place of the start, degrees WGS 84.';
COMMENT ON COLUMN trips.longitude IS 'Place of the start, degrees WGS 84.';
COMMENT ON COLUMN trips.end_latitude IS 'Place of the end; null while open.';
COMMENT ON COLUMN trips.end_longitude IS 'Place of the end; null while open.';
COMMENT ON COLUMN trips.gap_distance IS
    'Metres, straight, of jumps and of long silences such as a ferry; not part of distance.';
COMMENT ON COLUMN trips.distance IS 'Metres driven, without GPS noise and impossible jumps.';
COMMENT ON COLUMN trips.duration IS 'Seconds from started_at to counted_to.';
COMMENT ON COLUMN trips.moving_time IS 'Seconds of it in motion; the rest is idle time.';
COMMENT ON COLUMN trips.max_speed IS 'Metres per second, as reported where plausible, else measured.';
COMMENT ON COLUMN trips.points IS 'Number of positions in the figures.';
COMMENT ON COLUMN trips.fleet IS 'The tenant.';
COMMENT ON COLUMN trips.driver_id IS 'The driver.';
COMMENT ON COLUMN trips.path IS 'Simplified path (10 m) as an encoded polyline of five digits; null while open.';

CREATE TABLE IF NOT EXISTS stops (
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    duration double precision GENERATED ALWAYS AS (extract(epoch FROM ended_at - started_at)) STORED,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    CONSTRAINT stops_identity PRIMARY KEY (fleet, driver_id, started_at)
);
CREATE INDEX IF NOT EXISTS stops_started ON stops (fleet, started_at);
COMMENT ON TABLE stops IS 'Standing in one place for at least five minutes.';
COMMENT ON COLUMN stops.started_at IS 'When the driver arrived.';
COMMENT ON COLUMN stops.ended_at IS 'When it left, or its last position before a gap; null while it stands there.';
COMMENT ON COLUMN stops.latitude IS 'Mean place of the stop, degrees WGS 84.';
COMMENT ON COLUMN stops.longitude IS 'Mean place of the stop, degrees WGS 84.';
COMMENT ON COLUMN stops.duration IS 'Seconds; null while it lasts.';
COMMENT ON COLUMN stops.fleet IS 'The tenant.';
COMMENT ON COLUMN stops.driver_id IS 'The driver.';

CREATE TABLE IF NOT EXISTS trip_checkpoints (
    recorded_at timestamptz NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    CONSTRAINT trip_checkpoints_identity PRIMARY KEY (fleet, driver_id, recorded_at)
);
-- Used by the recorder to delete the oldest.
CREATE INDEX IF NOT EXISTS trip_checkpoints_recorded_at ON trip_checkpoints (recorded_at);
COMMENT ON TABLE trip_checkpoints IS
    'States of the fold of trips, from which it continues after a restart and where positions arrive late.';
COMMENT ON COLUMN trip_checkpoints.recorded_at IS 'The state includes all positions up to this instant, and at it.';
COMMENT ON COLUMN trip_checkpoints.fleet IS 'The tenant.';
COMMENT ON COLUMN trip_checkpoints.driver_id IS 'The driver.';
COMMENT ON COLUMN trip_checkpoints.state IS 'hub.core.trips.State as MessagePack.';

CREATE TABLE IF NOT EXISTS daily (
    day date NOT NULL,
    trips integer NOT NULL,
    distance double precision NOT NULL,
    duration double precision NOT NULL,
    moving_time double precision NOT NULL,
    average_speed double precision NOT NULL GENERATED ALWAYS AS (distance / duration) STORED,
    max_speed double precision NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    CONSTRAINT daily_identity PRIMARY KEY (fleet, driver_id, day)
) WITH (fillfactor = 80);
CREATE INDEX IF NOT EXISTS daily_day ON daily (fleet, day);
COMMENT ON TABLE daily IS
    'Sums of the trips of each driver and day, computed again whenever one of the trips changes.';
COMMENT ON COLUMN daily.day IS 'Day in the time zone of the fleet (day_zones). A trip belongs to the day on which it began.';
COMMENT ON COLUMN daily.trips IS 'Trips, an open one included.';
COMMENT ON COLUMN daily.distance IS 'Metres.';
COMMENT ON COLUMN daily.duration IS 'Seconds on trips.';
COMMENT ON COLUMN daily.moving_time IS 'Seconds of it in motion.';
COMMENT ON COLUMN daily.average_speed IS 'Metres per second, distance by duration.';
COMMENT ON COLUMN daily.max_speed IS 'Metres per second.';
COMMENT ON COLUMN daily.fleet IS 'The tenant.';
COMMENT ON COLUMN daily.driver_id IS 'The driver.';

CREATE TABLE IF NOT EXISTS day_zones (
    fleet text COLLATE "C" PRIMARY KEY,
    time_zone text NOT NULL
);
COMMENT ON TABLE day_zones IS 'The time zone by which the days of each fleet in daily are summed up (HUB_TIME_ZONE).';
COMMENT ON COLUMN day_zones.fleet IS 'The tenant.';
COMMENT ON COLUMN day_zones.time_zone IS 'IANA name; UTC for a fleet without a row.';

-- How long the vehicles of a fleet take to a place, as learned from its trips (docs/eta.md).
CREATE TABLE IF NOT EXISTS eta_models (
    fleet text COLLATE "C" NOT NULL,
    vehicle_type text COLLATE "C" NOT NULL,
    computed_at timestamptz NOT NULL,
    model json NOT NULL,
    CONSTRAINT eta_models_identity PRIMARY KEY (fleet, vehicle_type)
);
COMMENT ON TABLE eta_models IS 'The newest models of travel times.';
COMMENT ON COLUMN eta_models.fleet IS 'The tenant.';
COMMENT ON COLUMN eta_models.vehicle_type IS 'vehicles.type; empty for the model of all vehicles.';
COMMENT ON COLUMN eta_models.computed_at IS 'When it was learned; each fleet learns once a day.';
COMMENT ON COLUMN eta_models.model IS 'hub.core.eta.model.Model.';

-- Sums of numeric, not of double precision, here and in the recorder: the latter depend on the order of rows on disk.
CREATE OR REPLACE VIEW daily_fleet AS
SELECT
    fleet, day, count(*) AS drivers, sum(trips) AS trips, sum(distance::numeric)::double precision AS distance,
    sum(duration::numeric)::double precision AS duration,
    sum(moving_time::numeric)::double precision AS moving_time,
    (sum(distance::numeric) / sum(duration::numeric))::double precision AS average_speed, max(max_speed) AS max_speed
FROM daily
GROUP BY fleet, day;
COMMENT ON VIEW daily_fleet IS 'Sums of the trips of each fleet and day; drivers counts the drivers with a trip.';

CREATE TABLE IF NOT EXISTS events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    payload json NOT NULL,
    log text COLLATE "C" NOT NULL DEFAULT 'hub:log'
);
CREATE INDEX IF NOT EXISTS events_log ON events (log, id);
COMMENT ON TABLE events IS
    'Messages of folds to subscribers; written in the transaction of the rows that they are about, published after it.';
COMMENT ON COLUMN events.id IS 'Order of the events of a log; repeats in the stream have the same id.';
COMMENT ON COLUMN events.log IS 'The log whose recorder wrote it. Events of different logs are not committed in the order of their ids.';
COMMENT ON COLUMN events.created_at IS 'Begin of the transaction that wrote it.';
COMMENT ON COLUMN events.fleet IS 'The tenant.';
COMMENT ON COLUMN events.driver_id IS 'The driver.';
COMMENT ON COLUMN events.payload IS 'The message of subscribers, as JSON.';

CREATE TABLE IF NOT EXISTS event_offsets (
    stream text NOT NULL,
    last_id bigint NOT NULL DEFAULT 0,
    log text COLLATE "C" NOT NULL DEFAULT 'hub:log',
    PRIMARY KEY (stream, log)
);
COMMENT ON TABLE event_offsets IS 'How far each consumer has taken the events of a log. Events are deleted only after all consumers have taken them.';
COMMENT ON COLUMN event_offsets.stream IS 'Name of the consumer; for the hubs'' stream, its Redis key.';
COMMENT ON COLUMN event_offsets.log IS 'The log, as in events.';
COMMENT ON COLUMN event_offsets.last_id IS 'Id of the last event that the consumer has taken; 0 before the first.';

-- Users, tokens and the registry: written by the API and the command line, never by the recorder. -----------------------

CREATE TABLE IF NOT EXISTS users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    username text COLLATE "C" NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('admin', 'dispatcher')),
    groups text[],
    password_hash text NOT NULL,
    password_once boolean NOT NULL DEFAULT false,
    disabled boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS users_fleet ON users (fleet, username);
COMMENT ON TABLE users IS 'Users with a password.';
COMMENT ON COLUMN users.id IS 'The subject of their tokens.';
COMMENT ON COLUMN users.fleet IS 'The tenant.';
COMMENT ON COLUMN users.username IS 'Login name; lower case, unique across all fleets.';
COMMENT ON COLUMN users.role IS 'admin manages the fleet, dispatcher watches it.';
COMMENT ON COLUMN users.groups IS 'The groups whose drivers a dispatcher sees; null for the whole fleet.';
COMMENT ON COLUMN users.password_hash IS 'Argon2id, with its parameters and salt; ! for a user without a password.';
COMMENT ON COLUMN users.password_once IS 'The password is a one-time password, to be replaced at the first login.';
COMMENT ON COLUMN users.disabled IS 'The user cannot log in; all sessions are ended.';
COMMENT ON COLUMN users.version IS 'Increased by each change; the ETag.';
COMMENT ON COLUMN users.created_at IS 'Time of creation.';
COMMENT ON COLUMN users.updated_at IS 'Time of the last change.';

CREATE TABLE IF NOT EXISTS sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_for text,
    provider boolean NOT NULL DEFAULT false
);
CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user_id);
CREATE INDEX IF NOT EXISTS sessions_expires_at ON sessions (expires_at);
COMMENT ON TABLE sessions IS 'Logins: each is the family of refresh tokens that one login started.';
COMMENT ON COLUMN sessions.id IS 'The claim sid of the access tokens.';
COMMENT ON COLUMN sessions.user_id IS 'The user.';
COMMENT ON COLUMN sessions.created_at IS 'Time of the login.';
COMMENT ON COLUMN sessions.expires_at IS 'When a new login is required; refreshing does not extend it.';
COMMENT ON COLUMN sessions.ended_at IS 'When it was ended before expires_at; null while it is active.';
COMMENT ON COLUMN sessions.ended_for IS 'Why it was ended: logout, reuse, password, role, disabled, totp, disconnected.';
COMMENT ON COLUMN sessions.provider IS 'The login was by the OpenID Connect provider.';

CREATE TABLE IF NOT EXISTS refresh_tokens (
    hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz
);
CREATE INDEX IF NOT EXISTS refresh_tokens_session ON refresh_tokens (session_id);
COMMENT ON TABLE refresh_tokens IS 'Each is valid once; a second use shows that it was copied, and ends the session.';
COMMENT ON COLUMN refresh_tokens.hash IS 'SHA-256 of the token; the token itself is not stored.';
COMMENT ON COLUMN refresh_tokens.session_id IS 'The session.';
COMMENT ON COLUMN refresh_tokens.created_at IS 'Time of issue.';
COMMENT ON COLUMN refresh_tokens.used_at IS 'When it was exchanged for the next one; null before.';

CREATE TABLE IF NOT EXISTS user_identities (
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX IF NOT EXISTS user_identities_user ON user_identities (user_id);
COMMENT ON TABLE user_identities IS 'Persons of OpenID Connect providers that log in as users.';
COMMENT ON COLUMN user_identities.issuer IS 'Claim iss of the provider.';
COMMENT ON COLUMN user_identities.subject IS 'Claim sub: the person, by an id that the provider never gives to another one.';
COMMENT ON COLUMN user_identities.user_id IS 'The user.';
COMMENT ON COLUMN user_identities.created_at IS 'Time of the connection.';
COMMENT ON COLUMN user_identities.used_at IS 'Time of the last login.';

CREATE TABLE IF NOT EXISTS user_totp (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    secret bytea NOT NULL,
    confirmed boolean NOT NULL DEFAULT false,
    last_step bigint NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    tried_at timestamptz,
    recovery bytea[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE user_totp IS 'Second factors (TOTP, RFC 6238) of logins with a password.';
COMMENT ON COLUMN user_totp.user_id IS 'The user.';
COMMENT ON COLUMN user_totp.secret IS 'The shared secret, encrypted like the secrets of channels.';
COMMENT ON COLUMN user_totp.confirmed IS 'A code has shown that the user has the secret; logins need codes from then on.';
COMMENT ON COLUMN user_totp.last_step IS 'Time step of the last accepted code; no code of this or an earlier one is accepted.';
COMMENT ON COLUMN user_totp.failed IS 'Wrong codes since the last accepted one.';
COMMENT ON COLUMN user_totp.tried_at IS 'Time of the last code.';
COMMENT ON COLUMN user_totp.recovery IS 'SHA-256 of the recovery codes that are left.';
COMMENT ON COLUMN user_totp.created_at IS 'When the secret was made.';

CREATE OR REPLACE FUNCTION totp(users) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM user_totp WHERE user_id = $1.id AND confirmed)
$$;
COMMENT ON FUNCTION totp(users) IS 'Whether a user has a second factor, as users.totp.';

CREATE OR REPLACE FUNCTION connected(users) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM user_identities WHERE user_id = $1.id)
$$;
COMMENT ON FUNCTION connected(users) IS 'Whether a user logs in with a provider, as users.connected.';

CREATE TABLE IF NOT EXISTS drivers (
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    name text NOT NULL DEFAULT '',
    phone text NOT NULL DEFAULT '',
    groups text[] NOT NULL DEFAULT '{}',
    disabled boolean NOT NULL DEFAULT false,
    stale_after double precision,
    offline_after double precision,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT drivers_identity PRIMARY KEY (fleet, driver_id)
);
COMMENT ON TABLE drivers IS 'Registered drivers: a name to show, and whether they may report. Drivers without a row may report, too.';
COMMENT ON COLUMN drivers.fleet IS 'The tenant.';
COMMENT ON COLUMN drivers.driver_id IS 'As in positions.';
COMMENT ON COLUMN drivers.name IS 'Name on the screen.';
COMMENT ON COLUMN drivers.phone IS 'Telephone number; only shown.';
COMMENT ON COLUMN drivers.groups IS 'Names of groups; driver_groups has those of the vehicle too.';
COMMENT ON COLUMN drivers.disabled IS 'The driver cannot report: its tokens are refused and its sockets closed.';
COMMENT ON COLUMN drivers.stale_after IS 'Seconds without a sign of life after which it is stale; null: HUB_STALE_AFTER.';
COMMENT ON COLUMN drivers.offline_after IS 'Seconds after which it is offline; null: HUB_OFFLINE_AFTER.';
COMMENT ON COLUMN drivers.version IS 'Increased by each change; the ETag.';
COMMENT ON COLUMN drivers.created_at IS 'Time of creation.';
COMMENT ON COLUMN drivers.updated_at IS 'Time of the last change.';
-- The notification has the whole change; - for null.
CREATE OR REPLACE FUNCTION notify_thresholds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    driver drivers := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF TG_OP = 'DELETE' THEN
        driver.stale_after := NULL;
        driver.offline_after := NULL;
    END IF;
    PERFORM pg_notify('hub_access', concat_ws(' ', 'thresholds', driver.fleet, driver.driver_id,
        coalesce(driver.stale_after::text, '-'), coalesce(driver.offline_after::text, '-')));
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER drivers_inserted_thresholds AFTER INSERT ON drivers FOR EACH ROW
    WHEN (NEW.stale_after IS NOT NULL OR NEW.offline_after IS NOT NULL) EXECUTE FUNCTION notify_thresholds();
CREATE OR REPLACE TRIGGER drivers_changed_thresholds AFTER UPDATE ON drivers FOR EACH ROW
    WHEN (
        NEW.stale_after IS DISTINCT FROM OLD.stale_after OR NEW.offline_after IS DISTINCT FROM OLD.offline_after
    ) EXECUTE FUNCTION notify_thresholds();
CREATE OR REPLACE TRIGGER drivers_deleted_thresholds AFTER DELETE ON drivers FOR EACH ROW
    WHEN (OLD.stale_after IS NOT NULL OR OLD.offline_after IS NOT NULL) EXECUTE FUNCTION notify_thresholds();

CREATE TABLE IF NOT EXISTS driver_profiles (
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    notes text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 0,
    updated_at timestamptz,
    photo bytea,
    photo_width integer,
    photo_height integer,
    photo_at timestamptz,
    CONSTRAINT driver_profiles_identity PRIMARY KEY (fleet, driver_id),
    CONSTRAINT driver_profiles_driver FOREIGN KEY (fleet, driver_id) REFERENCES drivers ON DELETE CASCADE
);
COMMENT ON TABLE driver_profiles IS
    'Notes about registered drivers and their photos; apart from drivers, because lists do not show them. Drivers without either have no row.';
COMMENT ON COLUMN driver_profiles.fleet IS 'The tenant.';
COMMENT ON COLUMN driver_profiles.driver_id IS 'The driver.';
COMMENT ON COLUMN driver_profiles.notes IS 'Text of the dispatchers.';
COMMENT ON COLUMN driver_profiles.version IS 'Increased by each change of the notes; the ETag. 0 before the first.';
COMMENT ON COLUMN driver_profiles.updated_at IS 'Time of the last change of the notes; null before the first.';
COMMENT ON COLUMN driver_profiles.photo IS 'JPEG without metadata; null without a photo.';
COMMENT ON COLUMN driver_profiles.photo_width IS 'Pixels.';
COMMENT ON COLUMN driver_profiles.photo_height IS 'Pixels.';
COMMENT ON COLUMN driver_profiles.photo_at IS 'When the photo was stored.';

CREATE TABLE IF NOT EXISTS phone_tokens (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    hash bytea NOT NULL UNIQUE,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    label text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT phone_tokens_driver FOREIGN KEY (fleet, driver_id) REFERENCES drivers ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS phone_tokens_of_driver ON phone_tokens (fleet, driver_id);
COMMENT ON TABLE phone_tokens IS 'Short tokens in the URL of a phone app, /t/<token>; revoked by deleting the row.';
COMMENT ON COLUMN phone_tokens.id IS 'Id in the API.';
COMMENT ON COLUMN phone_tokens.hash IS 'SHA-256 of the token; the token itself is shown once.';
COMMENT ON COLUMN phone_tokens.fleet IS 'The tenant.';
COMMENT ON COLUMN phone_tokens.driver_id IS 'The driver that reports with it.';
COMMENT ON COLUMN phone_tokens.label IS 'Name of the phone.';
COMMENT ON COLUMN phone_tokens.created_at IS 'Time of creation.';

CREATE TABLE IF NOT EXISTS vehicles (
    fleet text COLLATE "C" NOT NULL,
    vehicle_id text COLLATE "C" NOT NULL,
    name text NOT NULL DEFAULT '',
    plate text NOT NULL DEFAULT '',
    type text NOT NULL DEFAULT '',
    groups text[] NOT NULL DEFAULT '{}',
    driver_id text COLLATE "C",
    assigned_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT vehicles_identity PRIMARY KEY (fleet, vehicle_id),
    CONSTRAINT vehicles_driver FOREIGN KEY (fleet, driver_id) REFERENCES drivers
);
-- A driver drives one vehicle at a time.
CREATE UNIQUE INDEX IF NOT EXISTS vehicles_of_driver ON vehicles (fleet, driver_id);
COMMENT ON TABLE vehicles IS 'Registered vehicles. Positions belong to drivers; the place of a vehicle is that of its driver.';
COMMENT ON COLUMN vehicles.fleet IS 'The tenant.';
COMMENT ON COLUMN vehicles.vehicle_id IS 'Id given by the fleet.';
COMMENT ON COLUMN vehicles.name IS 'Name on the screen.';
COMMENT ON COLUMN vehicles.plate IS 'Licence plate.';
COMMENT ON COLUMN vehicles.type IS 'Kind of vehicle, in the words of the fleet.';
COMMENT ON COLUMN vehicles.groups IS 'Names of groups, which the driver of the vehicle is in, too.';
COMMENT ON COLUMN vehicles.driver_id IS 'The current driver; null without one.';
COMMENT ON COLUMN vehicles.assigned_at IS 'Since when it has this driver, or none.';
COMMENT ON COLUMN vehicles.version IS 'Increased by each change; the ETag.';
COMMENT ON COLUMN vehicles.created_at IS 'Time of creation.';
COMMENT ON COLUMN vehicles.updated_at IS 'Time of the last change.';

-- No foreign keys: the assignments of a deleted vehicle or driver stay, as positions do.
CREATE TABLE IF NOT EXISTS vehicle_assignments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fleet text COLLATE "C" NOT NULL,
    vehicle_id text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz CHECK (until >= since)
);
CREATE INDEX IF NOT EXISTS vehicle_assignments_of_vehicle ON vehicle_assignments (fleet, vehicle_id, since);
CREATE INDEX IF NOT EXISTS vehicle_assignments_of_driver ON vehicle_assignments (fleet, driver_id, since);
CREATE UNIQUE INDEX IF NOT EXISTS vehicle_assignments_open ON vehicle_assignments (fleet, vehicle_id)
    WHERE until IS NULL;
COMMENT ON TABLE vehicle_assignments IS
    'The drivers of vehicles over time: written by a trigger of vehicles. Those of one vehicle do not overlap.';
COMMENT ON COLUMN vehicle_assignments.id IS 'Order of entry.';
COMMENT ON COLUMN vehicle_assignments.fleet IS 'The tenant.';
COMMENT ON COLUMN vehicle_assignments.vehicle_id IS 'The vehicle.';
COMMENT ON COLUMN vehicle_assignments.driver_id IS 'The driver.';
COMMENT ON COLUMN vehicle_assignments.since IS 'When the driver took the vehicle.';
COMMENT ON COLUMN vehicle_assignments.until IS 'When the driver left it, not included; null while it has the vehicle.';

-- A change of the driver that names no instant is of now.
CREATE OR REPLACE FUNCTION date_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.driver_id IS DISTINCT FROM OLD.driver_id AND NEW.assigned_at = OLD.assigned_at THEN
        NEW.assigned_at := greatest(clock_timestamp(), OLD.assigned_at);
    END IF;
    RETURN NEW;
END
$$;
-- The lock of the vehicle's row serialises the changes of one vehicle. An instant before the last change, of a clock that
-- was set back, counts as that of the last change.
CREATE OR REPLACE FUNCTION note_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    vehicle vehicles := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    instant timestamptz := CASE TG_OP WHEN 'DELETE' THEN clock_timestamp() ELSE NEW.assigned_at END;
    ended timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.driver_id IS NOT DISTINCT FROM OLD.driver_id THEN
        ended := (SELECT max(until) FROM vehicle_assignments WHERE fleet = NEW.fleet AND vehicle_id = NEW.vehicle_id);
        UPDATE vehicle_assignments SET since = greatest(instant, ended)
        WHERE fleet = NEW.fleet AND vehicle_id = NEW.vehicle_id AND until IS NULL AND since <> instant;
    ELSE
        UPDATE vehicle_assignments SET until = greatest(since, instant)
        WHERE fleet = vehicle.fleet AND vehicle_id = vehicle.vehicle_id AND until IS NULL;
        IF TG_OP <> 'DELETE' AND NEW.driver_id IS NOT NULL THEN
            ended := (
                SELECT max(until) FROM vehicle_assignments WHERE fleet = NEW.fleet AND vehicle_id = NEW.vehicle_id
            );
            INSERT INTO vehicle_assignments (fleet, vehicle_id, driver_id, since)
            VALUES (NEW.fleet, NEW.vehicle_id, NEW.driver_id, greatest(instant, ended));
        END IF;
    END IF;
    PERFORM pg_notify('hub_access', 'vehicles ' || vehicle.fleet || ' ' || vehicle.vehicle_id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER vehicles_dated BEFORE UPDATE ON vehicles FOR EACH ROW EXECUTE FUNCTION date_assignment();
CREATE OR REPLACE TRIGGER vehicles_noted AFTER INSERT OR UPDATE OR DELETE ON vehicles
    FOR EACH ROW EXECUTE FUNCTION note_assignment();
-- Vehicles of releases that did not keep assignments.
INSERT INTO vehicle_assignments (fleet, vehicle_id, driver_id, since)
SELECT fleet, vehicle_id, driver_id, assigned_at FROM vehicles
WHERE driver_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM vehicle_assignments AS a
    WHERE a.fleet = vehicles.fleet AND a.vehicle_id = vehicles.vehicle_id AND a.until IS NULL
);

CREATE TABLE IF NOT EXISTS driver_states (
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    state text NOT NULL CHECK (state IN ('free', 'busy', 'off_duty')),
    version integer NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT driver_states_identity PRIMARY KEY (fleet, driver_id)
);
COMMENT ON TABLE driver_states IS
    'The state that a driver, or a dispatcher for it, has set. Drivers that never had one have no row; they need not be registered.';
COMMENT ON COLUMN driver_states.fleet IS 'The tenant.';
COMMENT ON COLUMN driver_states.driver_id IS 'The driver.';
COMMENT ON COLUMN driver_states.state IS 'free, busy or off_duty.';
COMMENT ON COLUMN driver_states.version IS 'Increased by each change; the ETag.';
COMMENT ON COLUMN driver_states.changed_at IS 'Time of the last change.';
-- The notification has the whole change, so that a hub need not read it: a fleet changes its states all the time.
CREATE OR REPLACE FUNCTION notify_driver_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM pg_notify('hub_access', 'driver_states ' || OLD.fleet || ' ' || OLD.driver_id);
    ELSE
        PERFORM pg_notify('hub_access', concat_ws(' ', 'driver_states', NEW.fleet, NEW.driver_id, NEW.state, NEW.version,
            extract(epoch FROM NEW.changed_at)));
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER driver_states_changed AFTER INSERT OR UPDATE OR DELETE ON driver_states
    FOR EACH ROW EXECUTE FUNCTION notify_driver_state();

CREATE TABLE IF NOT EXISTS shares (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    hash bytea NOT NULL UNIQUE,
    fleet text COLLATE "C" NOT NULL,
    kind text NOT NULL DEFAULT 'driver',
    driver_id text COLLATE "C",
    driver_ids text[] COLLATE "C",
    group_name text COLLATE "C",
    names boolean NOT NULL DEFAULT false,
    radius double precision,
    most integer,
    secret bytea,
    label text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT shares_kind CHECK (
        kind = 'driver' AND driver_id IS NOT NULL
        OR kind = 'drivers' AND driver_id IS NULL AND cardinality(driver_ids) > 0 AND octet_length(secret) = 32
        OR kind = 'group' AND driver_id IS NULL AND group_name IS NOT NULL AND octet_length(secret) = 32
        OR kind = 'nearby' AND driver_id IS NULL AND radius > 0 AND most > 0 AND octet_length(secret) = 32
    )
);
CREATE INDEX IF NOT EXISTS shares_driver ON shares (fleet, driver_id);
COMMENT ON TABLE shares IS
    'Share links: each shows where one driver, several, those of a group, or cars nearby are, until it expires; ended by '
    'deleting the row.';
COMMENT ON COLUMN shares.id IS 'Id in the API.';
COMMENT ON COLUMN shares.hash IS 'SHA-256 of the token in the link.';
COMMENT ON COLUMN shares.fleet IS 'The tenant.';
COMMENT ON COLUMN shares.kind IS 'driver: one driver; drivers: several; group: those of a group now; nearby: free drivers near the '
    'place of the request.';
COMMENT ON COLUMN shares.driver_id IS 'The driver of the kind driver.';
COMMENT ON COLUMN shares.driver_ids IS 'The drivers of the kind drivers; one that is erased or deleted is taken out.';
COMMENT ON COLUMN shares.group_name IS 'The group of the kind group.';
COMMENT ON COLUMN shares.names IS 'Of several drivers and of a group: whether the link shows the names of the drivers.';
COMMENT ON COLUMN shares.radius IS 'Of cars nearby: how far they may be, in metres.';
COMMENT ON COLUMN shares.most IS 'Of cars nearby: how many are shown at most.';
COMMENT ON COLUMN shares.secret IS 'Of several: the key of the ids in the link, which differ from link to link.';
COMMENT ON COLUMN shares.label IS 'Name shown to recipients.';
COMMENT ON COLUMN shares.created_at IS 'Time of creation.';
COMMENT ON COLUMN shares.expires_at IS 'When the link expires.';

-- API keys, and the tokens of `hub token`: each is revoked by itself. ---------------------------------------------------

CREATE TABLE IF NOT EXISTS api_keys (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    hash bytea NOT NULL UNIQUE,
    prefix text NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    role text NOT NULL CHECK (role IN ('admin', 'dispatcher', 'gateway')),
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at timestamptz
);
CREATE INDEX IF NOT EXISTS api_keys_fleet ON api_keys (fleet, created_at, id);
COMMENT ON TABLE api_keys IS 'Keys of programs that use the API or the socket; revoked by deleting the row.';
COMMENT ON COLUMN api_keys.id IS 'Id in the API.';
COMMENT ON COLUMN api_keys.hash IS 'SHA-256 of the key; the key itself is shown once.';
COMMENT ON COLUMN api_keys.prefix IS 'First characters of the key, by which its owner recognises it.';
COMMENT ON COLUMN api_keys.fleet IS 'The tenant.';
COMMENT ON COLUMN api_keys.role IS 'admin manages the fleet, dispatcher reads it, gateway reports for its drivers.';
COMMENT ON COLUMN api_keys.name IS 'Name of the program that uses it.';
COMMENT ON COLUMN api_keys.created_at IS 'Time of creation.';
COMMENT ON COLUMN api_keys.last_used_at IS 'Last use, a few minutes late at most; null if it was never used.';
COMMENT ON COLUMN api_keys.expires_at IS 'When it expires; null if it does not.';

CREATE TABLE IF NOT EXISTS issued_tokens (
    id uuid PRIMARY KEY,
    fleet text COLLATE "C" NOT NULL,
    role text NOT NULL,
    driver_id text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX IF NOT EXISTS issued_tokens_fleet ON issued_tokens (fleet, created_at, id);
COMMENT ON TABLE issued_tokens IS 'Tokens that `hub token` signed and that have not expired. The tokens themselves are not stored.';
COMMENT ON COLUMN issued_tokens.id IS 'The claim jti.';
COMMENT ON COLUMN issued_tokens.fleet IS 'The tenant.';
COMMENT ON COLUMN issued_tokens.role IS 'The claim role.';
COMMENT ON COLUMN issued_tokens.driver_id IS 'The claim driver; null for other roles.';
COMMENT ON COLUMN issued_tokens.created_at IS 'Time of issue.';
COMMENT ON COLUMN issued_tokens.expires_at IS 'When it expires; the row is deleted some time after.';
COMMENT ON COLUMN issued_tokens.revoked_at IS 'When it was revoked; null if it is valid.';

-- Fences, and what they make of the positions: visits and crossings (docs/fences.md). ------------------------------------

CREATE TABLE IF NOT EXISTS fences (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    name text NOT NULL,
    shape json NOT NULL,
    radius double precision,
    rules json NOT NULL DEFAULT '{}',
    watch json NOT NULL DEFAULT '{}',
    colour text,
    category text,
    attributes json,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS fences_fleet ON fences (fleet, id);
COMMENT ON TABLE fences IS 'Fences as they are edited; fence_versions has what the recorder reads.';
COMMENT ON COLUMN fences.id IS 'Id in the API.';
COMMENT ON COLUMN fences.fleet IS 'The tenant.';
COMMENT ON COLUMN fences.name IS 'Name on the screen.';
COMMENT ON COLUMN fences.shape IS 'GeoJSON: Point, LineString, MultiLineString, Polygon or MultiPolygon, longitude first.';
COMMENT ON COLUMN fences.radius IS 'Metres: of the circle, or half the width of the corridor; null for areas.';
COMMENT ON COLUMN fences.rules IS 'When a driver is inside: FenceRules of hub/core/fences/shapes.py.';
COMMENT ON COLUMN fences.watch IS 'The drivers and groups that it watches; all without any.';
COMMENT ON COLUMN fences.colour IS 'Colour on the screen, #rrggbb; null for the default.';
COMMENT ON COLUMN fences.category IS 'Kind of fence, in the words of the fleet.';
COMMENT ON COLUMN fences.attributes IS 'Other data of the fleet, unchanged.';
COMMENT ON COLUMN fences.version IS 'Increased by each change; the ETag.';
COMMENT ON COLUMN fences.created_at IS 'Time of creation.';
COMMENT ON COLUMN fences.updated_at IS 'Time of the last change.';

CREATE TABLE IF NOT EXISTS fence_versions (
    fence_id uuid NOT NULL,
    version integer NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    definition json NOT NULL,
    CONSTRAINT fence_versions_identity PRIMARY KEY (fence_id, version)
);
CREATE INDEX IF NOT EXISTS fence_versions_fleet ON fence_versions (fleet);
COMMENT ON TABLE fence_versions IS
    'What each fence was and when, in the time of the positions. Editing a fence adds a version, so that history does not change.';
COMMENT ON COLUMN fence_versions.fence_id IS 'The fence; it may be deleted.';
COMMENT ON COLUMN fence_versions.version IS 'Its version.';
COMMENT ON COLUMN fence_versions.fleet IS 'The tenant.';
COMMENT ON COLUMN fence_versions.valid_from IS 'recorded_at from which it counts: the time of the edit, or earlier after a backfill.';
COMMENT ON COLUMN fence_versions.valid_until IS 'Time of the next version or of the deletion; null while it is valid.';
COMMENT ON COLUMN fence_versions.definition IS 'Name, shape, radius, rules and watch: Definition of hub/core/fences/shapes.py.';

CREATE TABLE IF NOT EXISTS visits (
    id uuid NOT NULL UNIQUE,
    entered_at timestamptz NOT NULL,
    exited_at timestamptz CHECK (exited_at >= entered_at),
    last_inside_at timestamptz NOT NULL,
    dwelled_at timestamptz,
    entered_slack double precision NOT NULL DEFAULT 0,
    exited_slack double precision NOT NULL DEFAULT 0,
    distance double precision NOT NULL,
    max_speed double precision,
    points integer NOT NULL,
    fence_version integer NOT NULL,
    fence_id uuid NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    cause text NOT NULL CHECK (cause IN ('crossed', 'first_seen', 'fence_changed')),
    exit_cause text CHECK (exit_cause IN ('crossed', 'fence_changed')),
    CONSTRAINT visits_identity PRIMARY KEY (fleet, driver_id, fence_id, entered_at)
) WITH (fillfactor = 80);  -- open visits are updated in place
CREATE INDEX IF NOT EXISTS visits_of_fence ON visits (fleet, fence_id, entered_at);
CREATE INDEX IF NOT EXISTS visits_of_driver ON visits (fleet, driver_id, entered_at);
CREATE INDEX IF NOT EXISTS visits_entered ON visits (fleet, entered_at);
CREATE INDEX IF NOT EXISTS visits_open ON visits (fleet) WHERE exited_at IS NULL;
COMMENT ON TABLE visits IS
    'Times of drivers inside fences: a function of the positions and the fences, maintained by the recorder (docs/fences.md).';
COMMENT ON COLUMN visits.id IS 'UUID made of fleet, driver, fence and start: the same positions make the same visit, in whatever order they arrive.';
COMMENT ON COLUMN visits.entered_at IS 'When the driver passed the border; after a silence, when it was first seen inside.';
COMMENT ON COLUMN visits.exited_at IS 'When it passed the border again; before a silence, when it was last seen inside. Null while it is inside.';
COMMENT ON COLUMN visits.last_inside_at IS 'recorded_at of the last position inside; at most a minute old while the visit is open.';
COMMENT ON COLUMN visits.dwelled_at IS 'When the visit had lasted for the dwell of the fence; null if it had not.';
COMMENT ON COLUMN visits.entered_slack IS 'Seconds of silence before entered_at in which it entered; 0 where it was seen.';
COMMENT ON COLUMN visits.exited_slack IS 'Seconds of silence after exited_at in which it left; 0 where it was seen.';
COMMENT ON COLUMN visits.distance IS 'Metres driven inside, in strides of 75 m.';
COMMENT ON COLUMN visits.max_speed IS 'Metres per second, the highest plausible reported speed inside; null without any.';
COMMENT ON COLUMN visits.points IS 'Number of positions inside.';
COMMENT ON COLUMN visits.fence_version IS 'Version of the fence when the driver entered.';
COMMENT ON COLUMN visits.fence_id IS 'The fence.';
COMMENT ON COLUMN visits.fleet IS 'The tenant.';
COMMENT ON COLUMN visits.driver_id IS 'The driver.';
COMMENT ON COLUMN visits.cause IS 'Why it began: the driver crossed the border, was first seen inside, or the fence changed.';
COMMENT ON COLUMN visits.exit_cause IS 'Why it ended: the driver crossed the border, or the fence changed; null while it is open.';

CREATE TABLE IF NOT EXISTS crossings (
    entered_at timestamptz NOT NULL,
    exited_at timestamptz NOT NULL CHECK (exited_at >= entered_at),
    fence_version integer NOT NULL,
    fence_id uuid NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    CONSTRAINT crossings_identity PRIMARY KEY (fleet, driver_id, fence_id, entered_at)
);
CREATE INDEX IF NOT EXISTS crossings_of_fence ON crossings (fleet, fence_id, entered_at);
COMMENT ON TABLE crossings IS 'Passes through a fence without a visit; maintained as visits are.';
COMMENT ON COLUMN crossings.entered_at IS 'When the driver passed the border.';
COMMENT ON COLUMN crossings.exited_at IS 'When it passed the border again.';
COMMENT ON COLUMN crossings.fence_version IS 'Version of the fence.';
COMMENT ON COLUMN crossings.fence_id IS 'The fence.';
COMMENT ON COLUMN crossings.fleet IS 'The tenant.';
COMMENT ON COLUMN crossings.driver_id IS 'The driver.';

CREATE TABLE IF NOT EXISTS fence_checkpoints (
    recorded_at timestamptz NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    CONSTRAINT fence_checkpoints_identity PRIMARY KEY (fleet, driver_id, recorded_at)
);
CREATE INDEX IF NOT EXISTS fence_checkpoints_recorded_at ON fence_checkpoints (recorded_at);
COMMENT ON TABLE fence_checkpoints IS
    'States of the fold of fences, as trip_checkpoints for trips; one position in 64, chosen by its recorded_at.';
COMMENT ON COLUMN fence_checkpoints.recorded_at IS 'The state includes all positions up to this instant, and at it.';
COMMENT ON COLUMN fence_checkpoints.fleet IS 'The tenant.';
COMMENT ON COLUMN fence_checkpoints.driver_id IS 'The driver.';
COMMENT ON COLUMN fence_checkpoints.state IS 'hub.core.fences.state.State as MessagePack.';

CREATE TABLE IF NOT EXISTS fence_changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fleet text COLLATE "C" NOT NULL,
    fence_id uuid,
    driver_id text COLLATE "C",
    since timestamptz NOT NULL
);
COMMENT ON TABLE fence_changes IS 'Changes of fences and groups that the recorder has not taken in yet; it deletes them.';
COMMENT ON COLUMN fence_changes.id IS 'Order of insertion.';
COMMENT ON COLUMN fence_changes.fleet IS 'The tenant.';
COMMENT ON COLUMN fence_changes.fence_id IS 'The fence that changed; null where the groups of a driver did.';
COMMENT ON COLUMN fence_changes.driver_id IS 'The driver whose groups changed; null where a fence did.';
COMMENT ON COLUMN fence_changes.since IS 'recorded_at from which visits may be others.';

CREATE TABLE IF NOT EXISTS fence_refolds (
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    CONSTRAINT fence_refolds_identity PRIMARY KEY (fleet, driver_id)
);
COMMENT ON TABLE fence_refolds IS 'Drivers whose visits the recorder has yet to make again after a change of a fence, at low priority.';
COMMENT ON COLUMN fence_refolds.fleet IS 'The tenant.';
COMMENT ON COLUMN fence_refolds.driver_id IS 'The driver.';
COMMENT ON COLUMN fence_refolds.since IS 'recorded_at of the first position to be taken in again.';
COMMENT ON COLUMN fence_refolds.until IS 'recorded_at of the last position that the change may concern.';

CREATE TABLE IF NOT EXISTS driver_groups (
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    groups text[] NOT NULL,
    CONSTRAINT driver_groups_identity PRIMARY KEY (fleet, driver_id, since)
);
COMMENT ON TABLE driver_groups IS
    'The groups of drivers over time: their own and those of the vehicle that they drive. Written by triggers.';
COMMENT ON COLUMN driver_groups.fleet IS 'The tenant.';
COMMENT ON COLUMN driver_groups.driver_id IS 'The driver.';
COMMENT ON COLUMN driver_groups.since IS 'From when on.';
COMMENT ON COLUMN driver_groups.groups IS 'The groups, in order; none after the driver left its last one.';

-- The groups of a driver are those of its row and those of the vehicle that it drives. Visits of fences that watch groups
-- depend on them.
CREATE OR REPLACE FUNCTION note_groups(of_fleet text, driver text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    now_in text[] := ARRAY(
        SELECT DISTINCT member COLLATE "C" AS member
        FROM (
            SELECT unnest(groups) AS member FROM drivers WHERE fleet = of_fleet AND driver_id = driver
            UNION ALL SELECT unnest(groups) FROM vehicles WHERE fleet = of_fleet AND driver_id = driver
        ) AS members
        ORDER BY member
    );
    was_in text[] := (
        SELECT groups FROM driver_groups WHERE fleet = of_fleet AND driver_id = driver ORDER BY since DESC LIMIT 1
    );
BEGIN
    IF now_in = coalesce(was_in, '{}') THEN
        RETURN;
    END IF;
    INSERT INTO driver_groups (fleet, driver_id, groups) VALUES (of_fleet, driver, now_in)
    ON CONFLICT (fleet, driver_id, since) DO UPDATE SET groups = excluded.groups;
    INSERT INTO fence_changes (fleet, driver_id, since)
    SELECT of_fleet, driver, now() WHERE EXISTS (SELECT FROM fences WHERE fleet = of_fleet);
    PERFORM pg_notify('hub_access', 'driver_groups');
END
$$;
CREATE OR REPLACE FUNCTION note_groups_of_driver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_groups(coalesce(NEW.fleet, OLD.fleet), coalesce(NEW.driver_id, OLD.driver_id));
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION note_groups_of_vehicle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.driver_id IS NOT NULL THEN
        PERFORM note_groups(OLD.fleet, OLD.driver_id);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.driver_id IS NOT NULL THEN
        PERFORM note_groups(NEW.fleet, NEW.driver_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER drivers_groups AFTER INSERT OR DELETE OR UPDATE OF groups ON drivers
    FOR EACH ROW EXECUTE FUNCTION note_groups_of_driver();
CREATE OR REPLACE TRIGGER vehicles_groups AFTER INSERT OR DELETE OR UPDATE OF groups, driver_id ON vehicles
    FOR EACH ROW EXECUTE FUNCTION note_groups_of_vehicle();

-- Bounded by age (HUB_QUARANTINE_DAYS) and by size per fleet (HUB_QUARANTINE_BYTES).
CREATE TABLE IF NOT EXISTS quarantine (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C",
    received_at timestamptz NOT NULL,
    dialect text NOT NULL,
    code text NOT NULL,
    field text,
    detail text NOT NULL,
    points integer NOT NULL,
    path text NOT NULL,
    query text NOT NULL,
    sender text,
    coding text NOT NULL,
    body bytea NOT NULL,
    size integer NOT NULL GENERATED ALWAYS AS (300 + octet_length(query) + octet_length(body)) STORED,
    request_id text
);
CREATE INDEX IF NOT EXISTS quarantine_newest ON quarantine (fleet, received_at, id) INCLUDE (size);
CREATE INDEX IF NOT EXISTS quarantine_oldest ON quarantine (received_at);
COMMENT ON TABLE quarantine IS 'Payloads of phones with refused points, to be looked at and sent again. They contain positions.';
COMMENT ON COLUMN quarantine.id IS 'Id in the API.';
COMMENT ON COLUMN quarantine.fleet IS 'The tenant.';
COMMENT ON COLUMN quarantine.driver_id IS 'The driver that the token names; null without one.';
COMMENT ON COLUMN quarantine.received_at IS 'When the hub received the payload.';
COMMENT ON COLUMN quarantine.dialect IS 'The format that was detected.';
COMMENT ON COLUMN quarantine.code IS 'Error code of the first refused point.';
COMMENT ON COLUMN quarantine.field IS 'Invalid field of the first refused point.';
COMMENT ON COLUMN quarantine.detail IS 'What is wrong with the first refused point.';
COMMENT ON COLUMN quarantine.points IS 'How many points are refused, an estimate where the payload is unreadable.';
COMMENT ON COLUMN quarantine.path IS 'Path of the request, without a token.';
COMMENT ON COLUMN quarantine.query IS 'Query of the request, without credentials.';
COMMENT ON COLUMN quarantine.sender IS 'The driver that headers or query name.';
COMMENT ON COLUMN quarantine.coding IS 'Content-Encoding of the body.';
COMMENT ON COLUMN quarantine.body IS 'The body as it was sent, without credentials.';
COMMENT ON COLUMN quarantine.size IS 'Bytes that count towards the limit of the fleet.';
COMMENT ON COLUMN quarantine.request_id IS 'X-Request-ID of the request, or its trace id.';

-- Bounded by age (HUB_GEOCODER_DAYS) and number (HUB_MAX_ADDRESSES); written by the hub (docs/places.md).
CREATE TABLE IF NOT EXISTS geocoder_answers (
    language text NOT NULL,
    question text NOT NULL,
    answers json NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (language, question)
);
CREATE INDEX IF NOT EXISTS geocoder_answers_newest ON geocoder_answers (received_at);
COMMENT ON TABLE geocoder_answers IS 'Answers of the geocoder, so that no question is asked twice. They name no fleet and no driver.';
COMMENT ON COLUMN geocoder_answers.language IS 'The language that was asked for.';
COMMENT ON COLUMN geocoder_answers.question IS 'Latitude and longitude with four digits, or ? and the text that was searched.';
COMMENT ON COLUMN geocoder_answers.answers IS 'Text, latitude and longitude of each answer, best first; empty: the geocoder knows nothing.';
COMMENT ON COLUMN geocoder_answers.received_at IS 'When the geocoder answered.';

-- Rules, alerts and channels: written by the API and the notifier (docs/alerts.md, docs/webhooks.md). ------------------

CREATE TABLE IF NOT EXISTS channels (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    config json NOT NULL,
    events text[] NOT NULL DEFAULT '{}',
    sealed bytea NOT NULL,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'failing', 'disabled')),
    reason text,
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    retry_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS channels_fleet ON channels (fleet, id);
COMMENT ON TABLE channels IS 'Where alerts and events of a fleet are sent: webhooks, e-mail, chats, browsers.';
COMMENT ON COLUMN channels.id IS 'Id in the API.';
COMMENT ON COLUMN channels.fleet IS 'The tenant.';
COMMENT ON COLUMN channels.name IS 'Name on the screen.';
COMMENT ON COLUMN channels.kind IS 'webhook, traccar, mqtt, nats, slack, discord, teams, telegram, ntfy, email, apprise or webpush.';
COMMENT ON COLUMN channels.config IS 'What is not secret of the receiver, by kind.';
COMMENT ON COLUMN channels.events IS 'Types of events that are sent without a rule: trip, fence, position, channel.';
COMMENT ON COLUMN channels.sealed IS 'Secrets and secret addresses, encrypted (hub/stores/seal.py).';
COMMENT ON COLUMN channels.state IS 'failing: one try at a time, until one succeeds; disabled: by the hub, with a reason.';
COMMENT ON COLUMN channels.reason IS 'Why the hub disabled it, or how the last try failed; null while it works.';
COMMENT ON COLUMN channels.failures IS 'Failed tries since the last that succeeded.';
COMMENT ON COLUMN channels.failing_since IS 'The first of them; null after a success.';
COMMENT ON COLUMN channels.retry_at IS 'Next try while it is failing.';
COMMENT ON COLUMN channels.version IS 'Increased by each change of a user; the ETag.';
COMMENT ON COLUMN channels.created_at IS 'Time of creation.';
COMMENT ON COLUMN channels.updated_at IS 'Time of the last change of a user.';

CREATE TABLE IF NOT EXISTS push_subscriptions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    channel_id uuid NOT NULL REFERENCES channels ON DELETE CASCADE,
    user_id text NOT NULL,
    digest bytea NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT push_subscriptions_once UNIQUE (channel_id, digest)
);
COMMENT ON TABLE push_subscriptions IS 'Browsers that get the notices of a webpush channel.';
COMMENT ON COLUMN push_subscriptions.id IS 'Id in the API, and the lane of its deliveries.';
COMMENT ON COLUMN push_subscriptions.channel_id IS 'The channel.';
COMMENT ON COLUMN push_subscriptions.user_id IS 'Subject of the token that subscribed.';
COMMENT ON COLUMN push_subscriptions.digest IS 'SHA-256 of the endpoint: a browser subscribes once.';
COMMENT ON COLUMN push_subscriptions.sealed IS 'Endpoint and keys of the browser, encrypted.';
COMMENT ON COLUMN push_subscriptions.created_at IS 'Time of creation.';

CREATE TABLE IF NOT EXISTS delivery_lanes (
    channel_id uuid NOT NULL REFERENCES channels ON DELETE CASCADE,
    lane text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    missed integer NOT NULL DEFAULT 0,
    PRIMARY KEY (channel_id, lane)
);
COMMENT ON TABLE delivery_lanes IS 'Numbering of the deliveries of a lane.';
COMMENT ON COLUMN delivery_lanes.channel_id IS 'The channel.';
COMMENT ON COLUMN delivery_lanes.lane IS 'What is in order: a driver for webhooks, the whole channel for people, a report schedule, a browser for webpush.';
COMMENT ON COLUMN delivery_lanes.sequence IS 'The last number given.';
COMMENT ON COLUMN delivery_lanes.missed IS 'Deliveries that were given up or skipped since the last that was sent.';

CREATE TABLE IF NOT EXISTS deliveries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel_id uuid NOT NULL REFERENCES channels ON DELETE CASCADE,
    sequence bigint NOT NULL,
    at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    sent_at timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    last_status integer,
    last_ms integer,
    state text NOT NULL CHECK (state IN ('pending', 'sent', 'dead', 'skipped')),
    lane text COLLATE "C" NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    type text NOT NULL,
    driver_id text COLLATE "C",
    data json NOT NULL,
    last_error text,
    CONSTRAINT deliveries_order UNIQUE (channel_id, lane, sequence)
);
CREATE INDEX IF NOT EXISTS deliveries_heads ON deliveries (channel_id, lane, sequence) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (channel_id, next_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS deliveries_dead ON deliveries (channel_id) WHERE state = 'dead';
CREATE INDEX IF NOT EXISTS deliveries_newest ON deliveries (channel_id, id);
CREATE INDEX IF NOT EXISTS deliveries_oldest ON deliveries (created_at) WHERE state <> 'pending';
COMMENT ON TABLE deliveries IS 'The outbox of the channels, and the log of what was sent.';
COMMENT ON COLUMN deliveries.id IS 'Order of insertion.';
COMMENT ON COLUMN deliveries.channel_id IS 'The channel.';
COMMENT ON COLUMN deliveries.sequence IS 'Number in its lane, from 1.';
COMMENT ON COLUMN deliveries.at IS 'When it happened.';
COMMENT ON COLUMN deliveries.created_at IS 'When the notifier wrote it, or a user had it sent again.';
COMMENT ON COLUMN deliveries.next_at IS 'Earliest time of the next try.';
COMMENT ON COLUMN deliveries.sent_at IS 'When the receiver confirmed it.';
COMMENT ON COLUMN deliveries.attempts IS 'Tries, the successful one included.';
COMMENT ON COLUMN deliveries.last_status IS 'HTTP or SMTP status of the last try; null without an answer.';
COMMENT ON COLUMN deliveries.last_ms IS 'Milliseconds of the last try.';
COMMENT ON COLUMN deliveries.state IS 'skipped: the channel was paused or disabled; dead: given up after the last try.';
COMMENT ON COLUMN deliveries.lane IS 'Deliveries of a lane are sent one after the other.';
COMMENT ON COLUMN deliveries.message_id IS 'Id for the receiver, the same at every try and replay.';
COMMENT ON COLUMN deliveries.type IS 'hub.alert.opened and the like.';
COMMENT ON COLUMN deliveries.driver_id IS 'The driver that it is about; null for a test.';
COMMENT ON COLUMN deliveries.data IS 'The data of the notice.';
COMMENT ON COLUMN deliveries.last_error IS 'Why the last try failed, in words.';

CREATE TABLE IF NOT EXISTS position_batches (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    fleet text COLLATE "C" NOT NULL,
    drivers text[] NOT NULL,
    instants timestamptz[] NOT NULL
);
CREATE INDEX IF NOT EXISTS position_batches_fleet ON position_batches (fleet, id);
COMMENT ON TABLE position_batches IS
    'Which positions each commit of the recorder added, for channels that forward positions; only of fleets with such a channel.';
COMMENT ON COLUMN position_batches.id IS 'Order of the commits.';
COMMENT ON COLUMN position_batches.created_at IS 'Begin of the commit.';
COMMENT ON COLUMN position_batches.fleet IS 'The tenant.';
COMMENT ON COLUMN position_batches.drivers IS 'The driver of each position, in the order of arrival.';
COMMENT ON COLUMN position_batches.instants IS 'recorded_at of each position; what else is forwarded is read from positions.';

CREATE TABLE IF NOT EXISTS position_cursors (
    channel_id uuid PRIMARY KEY REFERENCES channels ON DELETE CASCADE,
    batch bigint NOT NULL,
    done integer NOT NULL DEFAULT 0
);
COMMENT ON TABLE position_cursors IS 'How far each channel has forwarded positions.';
COMMENT ON COLUMN position_cursors.channel_id IS 'The channel.';
COMMENT ON COLUMN position_cursors.batch IS 'The row of position_batches that it has reached.';
COMMENT ON COLUMN position_cursors.done IS 'How many positions of that row the receiver has confirmed; the rows before are done.';

CREATE TABLE IF NOT EXISTS rules (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    params json NOT NULL,
    watch json NOT NULL,
    schedule json,
    channels uuid[] NOT NULL,
    severity text NOT NULL,
    cooldown double precision NOT NULL,
    digest double precision NOT NULL,
    max_age double precision NOT NULL,
    tell_resolved boolean NOT NULL,
    enabled boolean NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS rules_fleet ON rules (fleet, id);
COMMENT ON TABLE rules IS 'What makes an alert (docs/alerts.md).';
COMMENT ON COLUMN rules.id IS 'Id in the API.';
COMMENT ON COLUMN rules.fleet IS 'The tenant.';
COMMENT ON COLUMN rules.name IS 'Name on the screen, and title of its notices.';
COMMENT ON COLUMN rules.kind IS 'overspeed, offline, trip.ended and so on.';
COMMENT ON COLUMN rules.params IS 'Numbers of the kind.';
COMMENT ON COLUMN rules.watch IS 'Drivers and fences that it is about; empty: all.';
COMMENT ON COLUMN rules.schedule IS 'Weekly times in which it applies; null: always.';
COMMENT ON COLUMN rules.channels IS 'Channels that its alerts are sent through; ids of deleted channels have no effect.';
COMMENT ON COLUMN rules.severity IS 'info, warning or critical.';
COMMENT ON COLUMN rules.cooldown IS 'Seconds after a notice about a driver in which further ones are only listed.';
COMMENT ON COLUMN rules.digest IS 'Seconds after a notice in which further ones are gathered into one; 0: none.';
COMMENT ON COLUMN rules.max_age IS 'Seconds between what happened and now, beyond which an alert is only listed.';
COMMENT ON COLUMN rules.tell_resolved IS 'Whether the end of an alert is sent, too.';
COMMENT ON COLUMN rules.enabled IS 'Whether it makes alerts.';
COMMENT ON COLUMN rules.version IS 'Increased by each change; the ETag.';
COMMENT ON COLUMN rules.created_at IS 'Time of creation.';
COMMENT ON COLUMN rules.updated_at IS 'Time of the last change.';

CREATE TABLE IF NOT EXISTS report_schedules (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    drivers text[] NOT NULL,
    groups text[] NOT NULL,
    speed_limit double precision,
    period text NOT NULL CHECK (period IN ('day', 'week', 'month')),
    clock text NOT NULL,
    time_zone text NOT NULL,
    channels uuid[] NOT NULL,
    enabled boolean NOT NULL,
    next_at timestamptz NOT NULL,
    sent_to date,
    sent_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS report_schedules_fleet ON report_schedules (fleet, id);
CREATE INDEX IF NOT EXISTS report_schedules_due ON report_schedules (next_at) WHERE enabled;
COMMENT ON TABLE report_schedules IS 'Reports that are sent by e-mail, once for each period (docs/reports.md).';
COMMENT ON COLUMN report_schedules.id IS 'Id in the API.';
COMMENT ON COLUMN report_schedules.fleet IS 'The tenant.';
COMMENT ON COLUMN report_schedules.name IS 'Name on the screen, and subject of the e-mails.';
COMMENT ON COLUMN report_schedules.kind IS 'trips, stops and so on: hub/core/reports/tables.py.';
COMMENT ON COLUMN report_schedules.drivers IS 'The drivers of the report.';
COMMENT ON COLUMN report_schedules.groups IS 'Groups whose drivers it is of, too; all drivers where both are empty.';
COMMENT ON COLUMN report_schedules.speed_limit IS 'Metres per second, of the report speeding; null: the limits of fences.';
COMMENT ON COLUMN report_schedules.period IS 'The days of one report: a day, a week from Monday, a month.';
COMMENT ON COLUMN report_schedules.clock IS 'Time of the day after the period at which it is sent, HH:MM.';
COMMENT ON COLUMN report_schedules.time_zone IS 'Time zone of that time, an IANA name.';
COMMENT ON COLUMN report_schedules.channels IS 'Channels of the kind email; ids of deleted channels have no effect.';
COMMENT ON COLUMN report_schedules.enabled IS 'Whether it is sent.';
COMMENT ON COLUMN report_schedules.next_at IS 'When the notifier sends the next one.';
COMMENT ON COLUMN report_schedules.sent_to IS 'Last day of the last period that was handed to the channels; null before the first.';
COMMENT ON COLUMN report_schedules.sent_at IS 'When that was.';
COMMENT ON COLUMN report_schedules.version IS 'Increased by each change of a user; the ETag.';
COMMENT ON COLUMN report_schedules.created_at IS 'Time of creation.';
COMMENT ON COLUMN report_schedules.updated_at IS 'Time of the last change of a user.';

CREATE TABLE IF NOT EXISTS alerts (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    fleet text COLLATE "C" NOT NULL,
    rule_id uuid NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    episode text COLLATE "C" NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'resolved', 'corrected')),
    at timestamptz NOT NULL,
    noticed_at timestamptz NOT NULL,
    resolved_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    sent_at timestamptz,
    held text CHECK (held IN ('late', 'cooldown', 'digest')),
    data json NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT alerts_once UNIQUE (rule_id, driver_id, episode)
);
CREATE INDEX IF NOT EXISTS alerts_newest ON alerts (fleet, number);
CREATE INDEX IF NOT EXISTS alerts_at ON alerts (fleet, at, number);
CREATE INDEX IF NOT EXISTS alerts_open ON alerts (rule_id, driver_id) WHERE state = 'open';
CREATE INDEX IF NOT EXISTS alerts_sent ON alerts (rule_id, driver_id, sent_at);
CREATE INDEX IF NOT EXISTS alerts_held ON alerts (rule_id, number) WHERE held = 'digest';
CREATE INDEX IF NOT EXISTS alerts_noticed ON alerts (noticed_at);
COMMENT ON TABLE alerts IS 'What rules noticed: one row an episode, whatever is repeated or restarted.';
COMMENT ON COLUMN alerts.id IS 'UUID made of rule, driver and episode.';
COMMENT ON COLUMN alerts.number IS 'Order of insertion.';
COMMENT ON COLUMN alerts.fleet IS 'The tenant.';
COMMENT ON COLUMN alerts.rule_id IS 'The rule, which may be deleted since; of channel.disabled the channel.';
COMMENT ON COLUMN alerts.driver_id IS 'The driver; empty for channel.disabled.';
COMMENT ON COLUMN alerts.episode IS 'What makes it one alert, such as the start of a trip.';
COMMENT ON COLUMN alerts.state IS 'corrected: late positions show that it did not happen.';
COMMENT ON COLUMN alerts.at IS 'When it happened, by the clock of the device.';
COMMENT ON COLUMN alerts.noticed_at IS 'When the notifier noticed it.';
COMMENT ON COLUMN alerts.resolved_at IS 'When it ended.';
COMMENT ON COLUMN alerts.acknowledged_at IS 'When a user acknowledged it.';
COMMENT ON COLUMN alerts.acknowledged_by IS 'Subject of the token of that user.';
COMMENT ON COLUMN alerts.sent_at IS 'When it was handed to the channels; null if it was only listed.';
COMMENT ON COLUMN alerts.held IS 'Why it was not sent: late, cooldown, or digest until that is sent.';
COMMENT ON COLUMN alerts.data IS 'Rule, text and figures at that time.';
COMMENT ON COLUMN alerts.version IS 'Increased by each change; the ETag.';

CREATE TABLE IF NOT EXISTS alert_messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    payload json NOT NULL
);
COMMENT ON TABLE alert_messages IS 'Messages of the socket about alerts that are not in the stream of the hubs yet; a row is deleted when it is.';
COMMENT ON COLUMN alert_messages.id IS 'Order of insertion.';
COMMENT ON COLUMN alert_messages.fleet IS 'The tenant.';
COMMENT ON COLUMN alert_messages.driver_id IS 'The driver.';
COMMENT ON COLUMN alert_messages.payload IS 'The message of subscribers, as JSON.';

CREATE TABLE IF NOT EXISTS conditions (
    rule_id uuid NOT NULL REFERENCES rules ON DELETE CASCADE,
    at timestamptz NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (fleet, driver_id, rule_id)
);
CREATE INDEX IF NOT EXISTS conditions_rule ON conditions (rule_id);
COMMENT ON TABLE conditions IS 'Conditions that hold: speeding, low battery. The recorder continues from them after a restart.';
COMMENT ON COLUMN conditions.rule_id IS 'The rule.';
COMMENT ON COLUMN conditions.at IS 'recorded_at of the position that changed it last.';
COMMENT ON COLUMN conditions.fleet IS 'The tenant.';
COMMENT ON COLUMN conditions.driver_id IS 'The driver.';
COMMENT ON COLUMN conditions.state IS 'hub.core.alerts.conditions.Held as MessagePack.';

CREATE TABLE IF NOT EXISTS maintenance_done (
    rule_id uuid NOT NULL REFERENCES rules ON DELETE CASCADE,
    done_at timestamptz NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (rule_id, driver_id)
);
CREATE INDEX IF NOT EXISTS maintenance_done_driver ON maintenance_done (fleet, driver_id);
COMMENT ON TABLE maintenance_done IS 'The last maintenance of drivers: distance and days of a rule are counted from then on.';
COMMENT ON COLUMN maintenance_done.rule_id IS 'The rule, of the kind maintenance.';
COMMENT ON COLUMN maintenance_done.done_at IS 'When it was done.';
COMMENT ON COLUMN maintenance_done.fleet IS 'The tenant.';
COMMENT ON COLUMN maintenance_done.driver_id IS 'The driver.';

CREATE TABLE IF NOT EXISTS findings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    payload json NOT NULL
);
COMMENT ON TABLE findings IS 'Begin and end of conditions, from the recorder (of maintenance: from the API) to the notifier, which deletes a row with the alert that it makes of it.';
COMMENT ON COLUMN findings.id IS 'Order of insertion.';
COMMENT ON COLUMN findings.fleet IS 'The tenant.';
COMMENT ON COLUMN findings.driver_id IS 'The driver.';
COMMENT ON COLUMN findings.payload IS 'hub.core.alerts.conditions.Finding as JSON.';

CREATE TABLE IF NOT EXISTS presences (
    entered_at timestamptz NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    fence_id text COLLATE "C" NOT NULL,
    visit_id text COLLATE "C" NOT NULL,
    fence_name text NOT NULL,
    PRIMARY KEY (fleet, driver_id, fence_id)
);
CREATE INDEX IF NOT EXISTS presences_fence ON presences (fleet, fence_id);
COMMENT ON TABLE presences IS 'Which drivers are inside which fences, by the events that the notifier has taken.';
COMMENT ON COLUMN presences.entered_at IS 'When the driver entered.';
COMMENT ON COLUMN presences.fleet IS 'The tenant.';
COMMENT ON COLUMN presences.driver_id IS 'The driver.';
COMMENT ON COLUMN presences.fence_id IS 'The fence.';
COMMENT ON COLUMN presences.visit_id IS 'The visit.';
COMMENT ON COLUMN presences.fence_name IS 'Name of the fence at that time.';

CREATE TABLE IF NOT EXISTS notifier_clock (
    part text PRIMARY KEY,
    ticked_at timestamptz NOT NULL
);
COMMENT ON TABLE notifier_clock IS 'Until when rules by the clock have been followed.';
COMMENT ON COLUMN notifier_clock.part IS 'heard: while Redis answered; schedules: begins of schedules.';
COMMENT ON COLUMN notifier_clock.ticked_at IS 'The time of the last round.';

-- Stops that last: for the rule about standing too long.
CREATE INDEX IF NOT EXISTS stops_open ON stops (fleet, started_at) WHERE ended_at IS NULL;

-- Places, jobs and routes: what is to be done, where, and by which driver (docs/deliveries.md). -----------------------

CREATE TABLE IF NOT EXISTS places (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    reference text COLLATE "C",
    name text NOT NULL,
    address text NOT NULL DEFAULT '',
    latitude double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    radius double precision CHECK (radius > 0),
    shape json,
    service_time double precision CHECK (service_time >= 0),
    contact json,
    notes text NOT NULL DEFAULT '',
    attributes json,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT places_reference UNIQUE (fleet, reference)
);
CREATE INDEX IF NOT EXISTS places_name ON places (fleet, name, id);
COMMENT ON TABLE places IS 'Named locations: depots and customers.';
COMMENT ON COLUMN places.id IS 'Id in the API.';
COMMENT ON COLUMN places.fleet IS 'The tenant.';
COMMENT ON COLUMN places.reference IS 'Id in another system of the fleet; null without one.';
COMMENT ON COLUMN places.name IS 'Name on the screen.';
COMMENT ON COLUMN places.address IS 'Its address as text.';
COMMENT ON COLUMN places.latitude IS 'Degrees WGS 84.';
COMMENT ON COLUMN places.longitude IS 'Degrees WGS 84.';
COMMENT ON COLUMN places.radius IS 'Metres within which a driver has arrived; null: HUB_ARRIVAL_RADIUS.';
COMMENT ON COLUMN places.shape IS 'GeoJSON Polygon or MultiPolygon in which a driver has arrived, instead of the circle; null without one.';
COMMENT ON COLUMN places.service_time IS 'Seconds that a job takes here; null if unknown.';
COMMENT ON COLUMN places.contact IS 'Name, phone and email of a person: Contact of hub/core/jobs/fields.py.';
COMMENT ON COLUMN places.notes IS 'Text for drivers and dispatchers.';
COMMENT ON COLUMN places.attributes IS 'Other data of the fleet, unchanged.';
COMMENT ON COLUMN places.version IS 'Increased by each change; the ETag.';
COMMENT ON COLUMN places.created_at IS 'Time of creation.';
COMMENT ON COLUMN places.updated_at IS 'Time of the last change.';

CREATE TABLE IF NOT EXISTS jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    reference text COLLATE "C",
    attempt integer NOT NULL DEFAULT 1,
    previous uuid UNIQUE REFERENCES jobs ON DELETE SET NULL,
    kind text NOT NULL CHECK (kind IN ('delivery', 'pickup', 'service')),
    shipment_id text COLLATE "C",
    place_id uuid REFERENCES places ON DELETE SET NULL,
    latitude double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    address text NOT NULL DEFAULT '',
    recipient json,
    windows tstzrange[] NOT NULL DEFAULT '{}',
    service_time double precision CHECK (service_time >= 0),
    load integer[] NOT NULL DEFAULT '{}',
    skills text[] NOT NULL DEFAULT '{}',
    priority smallint NOT NULL DEFAULT 0,
    proof_required text[] NOT NULL DEFAULT '{}',
    notes text NOT NULL DEFAULT '',
    attributes json,
    status text NOT NULL DEFAULT 'open',
    outcome text CHECK (outcome IN ('succeeded', 'partial', 'failed')),
    reason text,
    ended_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT jobs_reference UNIQUE (fleet, reference, attempt)
);
CREATE INDEX IF NOT EXISTS jobs_created ON jobs (fleet, created_at, id);
CREATE INDEX IF NOT EXISTS jobs_unfinished ON jobs (fleet, created_at, id) WHERE status NOT IN ('done', 'cancelled');
CREATE INDEX IF NOT EXISTS jobs_shipment ON jobs (fleet, shipment_id) WHERE shipment_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_place ON jobs (place_id) WHERE place_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_personal ON jobs (ended_at) WHERE recipient IS NOT NULL OR notes <> '';
COMMENT ON TABLE jobs IS 'Deliveries, pickups and services to be done.';
COMMENT ON COLUMN jobs.id IS 'Id in the API.';
COMMENT ON COLUMN jobs.fleet IS 'The tenant.';
COMMENT ON COLUMN jobs.reference IS 'Id in another system of the fleet, such as an order number; null without one.';
COMMENT ON COLUMN jobs.attempt IS 'Number of the attempt: a retry has the reference of the failed job and the next number.';
COMMENT ON COLUMN jobs.previous IS 'The failed job that this one repeats; null if it repeats none.';
COMMENT ON COLUMN jobs.kind IS 'delivery, pickup or service.';
COMMENT ON COLUMN jobs.shipment_id IS 'Joins a pickup and a delivery, which one driver does in this order; null without a pair.';
COMMENT ON COLUMN jobs.place_id IS 'The place that the location was taken from; null if it was given.';
COMMENT ON COLUMN jobs.latitude IS 'Degrees WGS 84.';
COMMENT ON COLUMN jobs.longitude IS 'Degrees WGS 84.';
COMMENT ON COLUMN jobs.address IS 'Its address as text.';
COMMENT ON COLUMN jobs.recipient IS 'Name, phone and email of a person; null without one, and some days after the end (HUB_RECIPIENT_DAYS).';
COMMENT ON COLUMN jobs.windows IS 'When it may be done, in order; at any time without any.';
COMMENT ON COLUMN jobs.service_time IS 'Seconds that it takes; null: as of the place, or unknown.';
COMMENT ON COLUMN jobs.load IS 'What it loads or unloads, in the units of the fleet, such as kilograms and pallets.';
COMMENT ON COLUMN jobs.skills IS 'What the driver or vehicle needs, in the words of the fleet.';
COMMENT ON COLUMN jobs.priority IS '0 to 100; a higher one is planned first.';
COMMENT ON COLUMN jobs.proof_required IS 'Kinds of proof that the driver has to give.';
COMMENT ON COLUMN jobs.notes IS 'Text for the driver.';
COMMENT ON COLUMN jobs.attributes IS 'Other data of the fleet, unchanged.';
COMMENT ON COLUMN jobs.status IS 'The fold of job_events: Status of hub/core/jobs/status.py.';
COMMENT ON COLUMN jobs.outcome IS 'succeeded, partial or failed; null until it is done.';
COMMENT ON COLUMN jobs.reason IS 'Why it failed, was rejected or cancelled, in the words of a person.';
COMMENT ON COLUMN jobs.ended_at IS 'When it was done or cancelled, by the clock of the device; null before.';
COMMENT ON COLUMN jobs.version IS 'Increased by each change and each change of status; the ETag.';
COMMENT ON COLUMN jobs.created_at IS 'Time of creation.';
COMMENT ON COLUMN jobs.updated_at IS 'Time of the last change.';

CREATE TABLE IF NOT EXISTS routes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    vehicle_id text COLLATE "C",
    day date NOT NULL,
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'active', 'done', 'cancelled')),
    start_place_id uuid REFERENCES places ON DELETE SET NULL,
    end_place_id uuid REFERENCES places ON DELETE SET NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX IF NOT EXISTS routes_day ON routes (fleet, day, driver_id) WHERE state <> 'cancelled';
CREATE INDEX IF NOT EXISTS routes_listed ON routes (fleet, day, id);
CREATE INDEX IF NOT EXISTS routes_driver ON routes (fleet, driver_id, day);
COMMENT ON TABLE routes IS 'The order in which a driver does jobs on a day; waypoints has the jobs. At most one that is not cancelled a driver and day.';
COMMENT ON COLUMN routes.id IS 'Id in the API.';
COMMENT ON COLUMN routes.fleet IS 'The tenant.';
COMMENT ON COLUMN routes.driver_id IS 'The driver.';
COMMENT ON COLUMN routes.vehicle_id IS 'The vehicle; null if it does not matter.';
COMMENT ON COLUMN routes.day IS 'The day, in the time zone of the fleet.';
COMMENT ON COLUMN routes.state IS 'draft; published: the driver sees it; active: a job was begun; done: all jobs are; cancelled.';
COMMENT ON COLUMN routes.start_place_id IS 'Where it begins; null: anywhere.';
COMMENT ON COLUMN routes.end_place_id IS 'Where it ends; null: anywhere.';
COMMENT ON COLUMN routes.starts_at IS 'Begin of the shift; null if unknown.';
COMMENT ON COLUMN routes.ends_at IS 'End of the shift; null if unknown.';
COMMENT ON COLUMN routes.version IS 'Increased by each change of the route, its state, and the jobs in it with their order; the ETag.';
COMMENT ON COLUMN routes.created_at IS 'Time of creation.';
COMMENT ON COLUMN routes.updated_at IS 'Time of the last change.';

CREATE TABLE IF NOT EXISTS waypoints (
    route_id uuid NOT NULL REFERENCES routes ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 0),
    job_id uuid NOT NULL UNIQUE REFERENCES jobs ON DELETE CASCADE,
    planned_arrival timestamptz,
    planned_departure timestamptz,
    locked boolean NOT NULL DEFAULT false,
    published_at timestamptz,
    approached_at timestamptz,
    arrived_at timestamptz,
    departed_at timestamptz,
    arrival_source text CHECK (arrival_source IN ('person', 'position')),
    CONSTRAINT waypoints_identity PRIMARY KEY (route_id, number) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE waypoints IS 'The jobs of routes in their order; not to be confused with stops, which are standing still.';
COMMENT ON COLUMN waypoints.route_id IS 'The route.';
COMMENT ON COLUMN waypoints.number IS 'Its place in the order, from 0.';
COMMENT ON COLUMN waypoints.job_id IS 'The job, which is in one route at most.';
COMMENT ON COLUMN waypoints.planned_arrival IS 'When the driver is planned to arrive; null without a plan.';
COMMENT ON COLUMN waypoints.planned_departure IS 'When the driver is planned to leave; null without a plan.';
COMMENT ON COLUMN waypoints.locked IS 'Whether a dispatcher has fixed its number and driver.';
COMMENT ON COLUMN waypoints.published_at IS 'Since when the driver has the job; positions before it make no arrival.';
COMMENT ON COLUMN waypoints.approached_at IS 'When the driver was first near, by positions; null before.';
COMMENT ON COLUMN waypoints.arrived_at IS 'When the driver first arrived, by positions or else by its word; null before.';
COMMENT ON COLUMN waypoints.departed_at IS 'When the driver last left, by positions; null before, and while it is there.';
COMMENT ON COLUMN waypoints.arrival_source IS 'What arrived_at is from: position or person.';

CREATE OR REPLACE VIEW job_details AS
SELECT
    j.id AS job_id, j.fleet, j.reference, j.attempt, j.previous, j.kind, j.shipment_id, j.place_id, j.latitude, j.longitude,
    j.address, j.recipient, j.windows, j.service_time, j.load, j.skills, j.priority, j.proof_required, j.notes, j.attributes,
    j.status, j.outcome, j.reason, j.ended_at, j.version, j.created_at, j.updated_at,
    w.route_id, r.driver_id, w.number, w.planned_arrival, w.planned_departure, w.locked, w.published_at, w.approached_at,
    w.arrived_at, w.departed_at, w.arrival_source
FROM jobs AS j LEFT JOIN waypoints AS w ON w.job_id = j.id LEFT JOIN routes AS r ON r.id = w.route_id;
COMMENT ON VIEW job_details IS 'Jobs with their waypoint and driver, which are null for a job that is in no route.';

CREATE TABLE IF NOT EXISTS job_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
    at timestamptz NOT NULL,
    noticed_at timestamptz NOT NULL DEFAULT now(),
    event text NOT NULL,
    source text NOT NULL CHECK (source IN ('person', 'position')),
    status text NOT NULL,
    version integer NOT NULL,
    actor_kind text NOT NULL DEFAULT '',
    actor_id text NOT NULL DEFAULT '',
    driver_id text COLLATE "C",
    route_id uuid,
    command_id text COLLATE "C",
    outcome text,
    reason text,
    CONSTRAINT job_events_command UNIQUE (job_id, command_id)
);
CREATE INDEX IF NOT EXISTS job_events_job ON job_events (job_id, id);
CREATE INDEX IF NOT EXISTS job_events_driver ON job_events (driver_id, at) WHERE source = 'position';
COMMENT ON TABLE job_events IS 'What happened to jobs: commands of people, and facts from positions. The status of a job is the fold of its events.';
COMMENT ON COLUMN job_events.id IS 'Order in which they were accepted.';
COMMENT ON COLUMN job_events.job_id IS 'The job.';
COMMENT ON COLUMN job_events.at IS 'When it happened, by the clock of the device; a fact is revised by positions that come late.';
COMMENT ON COLUMN job_events.noticed_at IS 'When the hub stored it.';
COMMENT ON COLUMN job_events.event IS 'Event of hub/core/jobs/status.py.';
COMMENT ON COLUMN job_events.source IS 'person: a command; position: a fact from positions.';
COMMENT ON COLUMN job_events.status IS 'Status of the job after it was stored.';
COMMENT ON COLUMN job_events.version IS 'Version of the job after it was stored.';
COMMENT ON COLUMN job_events.actor_kind IS 'Kind of the actor, as in audit; empty for a fact.';
COMMENT ON COLUMN job_events.actor_id IS 'Its id; empty for a fact.';
COMMENT ON COLUMN job_events.driver_id IS 'The driver that had the job then; null without one.';
COMMENT ON COLUMN job_events.route_id IS 'The route that the job was in then; null without one.';
COMMENT ON COLUMN job_events.command_id IS 'Id of the command, chosen by its sender: sent again, it has the same answer. Of a fact, its kind and number.';
COMMENT ON COLUMN job_events.outcome IS 'succeeded, partial or failed, of an event that ends a job.';
COMMENT ON COLUMN job_events.reason IS 'Why, in the words of a person; null without one.';

CREATE TABLE IF NOT EXISTS plans (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    state text NOT NULL DEFAULT 'searching' CHECK (state IN ('searching', 'found', 'failed', 'applied')),
    engine text NOT NULL,
    seconds double precision NOT NULL,
    made_of json NOT NULL,
    cost double precision,
    result json,
    reason text,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS plans_created ON plans (fleet, created_at DESC);
COMMENT ON TABLE plans IS 'Searches for a better distribution of jobs over routes; deleted a week after.';
COMMENT ON COLUMN plans.id IS 'Id in the API.';
COMMENT ON COLUMN plans.fleet IS 'The tenant.';
COMMENT ON COLUMN plans.state IS 'searching; found; failed, with a reason; applied to the routes.';
COMMENT ON COLUMN plans.engine IS 'own or pyvrp.';
COMMENT ON COLUMN plans.seconds IS 'Time of the search.';
COMMENT ON COLUMN plans.made_of IS 'Routes and jobs with the versions that the plan is made of.';
COMMENT ON COLUMN plans.cost IS 'The lowest cost so far; null before the first.';
COMMENT ON COLUMN plans.result IS 'Routes with their jobs and times, and what is unassigned; null until it is found.';
COMMENT ON COLUMN plans.reason IS 'Why it failed; null otherwise.';
COMMENT ON COLUMN plans.version IS 'Increased by each change of state; the ETag.';
COMMENT ON COLUMN plans.created_at IS 'When it was asked for.';
COMMENT ON COLUMN plans.updated_at IS 'When state or cost changed last.';

CREATE TABLE IF NOT EXISTS job_changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    since timestamptz,
    message json
);
COMMENT ON TABLE job_changes IS 'What the API tells the recorder of jobs and routes; the recorder takes the rows.';
COMMENT ON COLUMN job_changes.id IS 'Order of insertion.';
COMMENT ON COLUMN job_changes.fleet IS 'The tenant.';
COMMENT ON COLUMN job_changes.driver_id IS 'The driver that the change concerns.';
COMMENT ON COLUMN job_changes.since IS 'Since when the driver''s waypoints may be others; null if they are the same.';
COMMENT ON COLUMN job_changes.message IS 'A message for subscribers and the driver; null without one.';

CREATE TABLE IF NOT EXISTS arrival_checkpoints (
    recorded_at timestamptz NOT NULL,
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    CONSTRAINT arrival_checkpoints_identity PRIMARY KEY (fleet, driver_id, recorded_at)
);
CREATE INDEX IF NOT EXISTS arrival_checkpoints_recorded_at ON arrival_checkpoints (recorded_at);
COMMENT ON TABLE arrival_checkpoints IS
    'States of the fold of arrivals of drivers with a published route, from which it continues after a restart and where positions arrive late.';
COMMENT ON COLUMN arrival_checkpoints.recorded_at IS 'The state includes all positions up to this instant, and at it.';
COMMENT ON COLUMN arrival_checkpoints.fleet IS 'The tenant.';
COMMENT ON COLUMN arrival_checkpoints.driver_id IS 'The driver.';
COMMENT ON COLUMN arrival_checkpoints.state IS 'hub.core.jobs.arrivals.State as MessagePack.';

-- The audit log. -------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    happened_at timestamptz NOT NULL DEFAULT now(),
    fleet text COLLATE "C" NOT NULL,
    actor_kind text NOT NULL,
    actor_id text COLLATE "C" NOT NULL,
    actor_name text,
    action text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    request_id text,
    details json NOT NULL
);
CREATE INDEX IF NOT EXISTS audit_newest ON audit (fleet, happened_at, id);
CREATE INDEX IF NOT EXISTS audit_oldest ON audit (happened_at);
COMMENT ON TABLE audit IS
    'The audit log: who changed or exported what; written in the transaction of the change. Kept for HUB_AUDIT_DAYS.';
COMMENT ON COLUMN audit.id IS 'Order of entries of one instant.';
COMMENT ON COLUMN audit.happened_at IS 'Begin of the transaction of the change.';
COMMENT ON COLUMN audit.fleet IS 'The tenant.';
COMMENT ON COLUMN audit.actor_kind IS 'What acted: a value of ActorKind in hub/core/audit.py.';
COMMENT ON COLUMN audit.actor_id IS 'Id of the user or token, or the operating system''s user of a command; empty on an open hub.';
COMMENT ON COLUMN audit.actor_name IS 'Name of the user at that time; null for other actors.';
COMMENT ON COLUMN audit.action IS 'What was done: a value of Audited in hub/core/audit.py.';
COMMENT ON COLUMN audit.kind IS 'Kind of the subject: the first part of action.';
COMMENT ON COLUMN audit.subject_id IS 'Id of the subject.';
COMMENT ON COLUMN audit.request_id IS 'X-Request-ID of the request; null for a command.';
COMMENT ON COLUMN audit.details IS 'Names of changed fields, roles, states, ids; no secrets, no places.';

-- Removal of drivers from the live fleet, and erasure of history. ---------------------------------------------------------

CREATE TABLE IF NOT EXISTS erasures (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    until timestamptz NOT NULL,
    history boolean NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    positions bigint NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS erasures_open ON erasures (requested_at) WHERE finished_at IS NULL;
CREATE INDEX IF NOT EXISTS erasures_driver ON erasures (fleet, driver_id);
COMMENT ON TABLE erasures IS
    'Requests to remove a driver from the live fleet, or to erase its history; carried out by the recorder.';
COMMENT ON COLUMN erasures.id IS 'Id in the API.';
COMMENT ON COLUMN erasures.fleet IS 'The tenant.';
COMMENT ON COLUMN erasures.driver_id IS 'The driver.';
COMMENT ON COLUMN erasures.until IS 'Positions that were recorded or received up to this instant are erased, and never stored again.';
COMMENT ON COLUMN erasures.history IS 'Whether history is erased; false for a removal from the live fleet.';
COMMENT ON COLUMN erasures.requested_at IS 'Time of the request.';
COMMENT ON COLUMN erasures.finished_at IS 'When everything was done; null before.';
COMMENT ON COLUMN erasures.positions IS 'How many positions were deleted so far.';

CREATE TABLE IF NOT EXISTS retentions (
    fleet text COLLATE "C" NOT NULL,
    driver_id text COLLATE "C" NOT NULL,
    months integer NOT NULL CHECK (months BETWEEN 0 AND 1200),
    CONSTRAINT retentions_identity PRIMARY KEY (fleet, driver_id)
);
COMMENT ON TABLE retentions IS 'Drivers with a retention of their own.';
COMMENT ON COLUMN retentions.fleet IS 'The tenant.';
COMMENT ON COLUMN retentions.driver_id IS 'The driver; it need not be registered.';
COMMENT ON COLUMN retentions.months IS 'Whole months kept in addition to the current one; 0 keeps all.';

-- Thresholds of presence and retention of groups: of drivers in them that have none of their own.
CREATE TABLE IF NOT EXISTS group_settings (
    fleet text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    stale_after double precision,
    offline_after double precision,
    retention_months integer CHECK (retention_months BETWEEN 0 AND 1200),
    CONSTRAINT group_settings_identity PRIMARY KEY (fleet, name)
);
COMMENT ON TABLE group_settings IS 'Groups with settings of their own.';
COMMENT ON COLUMN group_settings.fleet IS 'The tenant.';
COMMENT ON COLUMN group_settings.name IS 'The group; no driver or vehicle needs to name it.';
COMMENT ON COLUMN group_settings.stale_after IS 'As of drivers; null: HUB_STALE_AFTER.';
COMMENT ON COLUMN group_settings.offline_after IS 'As of drivers; null: HUB_OFFLINE_AFTER.';
COMMENT ON COLUMN group_settings.retention_months IS 'As months of retentions; null: HUB_RETENTION_MONTHS.';
CREATE OR REPLACE FUNCTION notify_group_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hub_access', 'thresholds');
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER group_settings_changed AFTER INSERT OR UPDATE OR DELETE ON group_settings
    FOR EACH STATEMENT EXECUTE FUNCTION notify_group_settings();

-- The driver's own retention, or the shortest one of the groups that it is in now; 0, which keeps all, is the longest.
CREATE OR REPLACE VIEW driver_retentions AS
SELECT fleet, driver_id, months FROM retentions
UNION ALL
SELECT m.fleet, m.driver_id, coalesce(min(nullif(s.retention_months, 0)), 0)
FROM (
    SELECT DISTINCT ON (fleet, driver_id) fleet, driver_id, groups FROM driver_groups
    ORDER BY fleet, driver_id, since DESC
) AS m
JOIN group_settings AS s ON s.fleet = m.fleet AND s.name = ANY (m.groups)
WHERE s.retention_months IS NOT NULL
    AND NOT EXISTS (SELECT FROM retentions AS r WHERE r.fleet = m.fleet AND r.driver_id = m.driver_id)
GROUP BY m.fleet, m.driver_id;
COMMENT ON VIEW driver_retentions IS 'Drivers whose positions are kept longer or shorter than HUB_RETENTION_MONTHS.';
COMMENT ON COLUMN driver_retentions.fleet IS 'The tenant.';
COMMENT ON COLUMN driver_retentions.driver_id IS 'The driver.';
COMMENT ON COLUMN driver_retentions.months IS 'Whole months kept in addition to the current one; 0 keeps all.';

-- The hubs keep users, disabled drivers, tokens and shares in memory, and read them again after a notification.
CREATE OR REPLACE FUNCTION notify_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hub_access', TG_TABLE_NAME);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER users_access AFTER INSERT OR UPDATE OR DELETE ON users
    FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
-- A hub that has not read a new user yet could not tell from the table that the user was deleted.
CREATE OR REPLACE FUNCTION notify_deleted_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hub_access', 'deleted user ' || OLD.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER users_deleted AFTER DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION notify_deleted_user();
CREATE OR REPLACE TRIGGER sessions_access AFTER UPDATE OF ended_at OR DELETE ON sessions
    FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE OR REPLACE TRIGGER drivers_access AFTER UPDATE OR DELETE ON drivers
    FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE OR REPLACE TRIGGER phone_tokens_access AFTER INSERT OR UPDATE OR DELETE ON phone_tokens
    FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
-- Not after a change of last_used_at: every hub would read all keys again.
CREATE OR REPLACE TRIGGER api_keys_access AFTER INSERT OR DELETE OR UPDATE OF hash, fleet, role, expires_at ON api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE OR REPLACE TRIGGER issued_tokens_access AFTER UPDATE OF revoked_at ON issued_tokens
    FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE OR REPLACE TRIGGER shares_access AFTER INSERT OR UPDATE OR DELETE ON shares
    FOR EACH STATEMENT EXECUTE FUNCTION notify_access();

-- What the notifier waits for. PostgreSQL sends one notification a transaction, however many statements call it.
CREATE OR REPLACE FUNCTION notify_notifier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_ARGV[0], '');
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER events_noticed AFTER INSERT ON events
    FOR EACH STATEMENT EXECUTE FUNCTION notify_notifier('hub_notice');
CREATE OR REPLACE TRIGGER findings_noticed AFTER INSERT ON findings
    FOR EACH STATEMENT EXECUTE FUNCTION notify_notifier('hub_notice');
CREATE OR REPLACE TRIGGER alert_messages_noticed AFTER INSERT ON alert_messages
    FOR EACH STATEMENT EXECUTE FUNCTION notify_notifier('hub_notice');
CREATE OR REPLACE TRIGGER position_batches_noticed AFTER INSERT ON position_batches
    FOR EACH STATEMENT EXECUTE FUNCTION notify_notifier('hub_forward');
CREATE OR REPLACE TRIGGER deliveries_noticed AFTER INSERT ON deliveries
    FOR EACH STATEMENT EXECUTE FUNCTION notify_notifier('hub_send');

-- Partitions of positions, with the rights of the tables' owner: the hub's role needs no right to create tables. Months are
-- counted from year 0. Temporary tables of the caller come last in the search path, so that none replaces a table.
CREATE OR REPLACE FUNCTION create_positions_month(month integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    since timestamptz := make_timestamptz(month / 12, month % 12 + 1, 1, 0, 0, 0, 'UTC');
    until timestamptz := make_timestamptz((month + 1) / 12, (month + 1) % 12 + 1, 1, 0, 0, 0, 'UTC');
    part text := 'positions_' || lpad((month / 12)::text, 4, '0') || '_' || lpad((month % 12 + 1)::text, 2, '0');
    moved bigint;
BEGIN
    -- ATTACH does not block readers of the table; CREATE TABLE ... PARTITION OF does.
    EXECUTE format('CREATE TABLE %I (LIKE positions INCLUDING ALL)', part);
    EXECUTE format(
        'WITH moved AS (DELETE FROM positions_default WHERE recorded_at >= %L AND recorded_at < %L RETURNING *) '
        'INSERT INTO %I SELECT * FROM moved', since, until, part);
    GET DIAGNOSTICS moved = ROW_COUNT;
    EXECUTE format('COMMENT ON TABLE %I IS %L', part,
        'Positions recorded in ' || to_char(since AT TIME ZONE 'UTC', 'FMMonth YYYY') || ', UTC.');
    EXECUTE format('ALTER TABLE positions ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, since, until);
    RETURN moved;
END
$$;
CREATE OR REPLACE FUNCTION drop_positions_month(month integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    EXECUTE format('DROP TABLE %I',
        'positions_' || lpad((month / 12)::text, 4, '0') || '_' || lpad((month % 12 + 1)::text, 2, '0'));
END
$$;
-- Drop a month but for the rows of some drivers, and return the number of their rows: these are copied, since to delete the
-- others would take as long as they were many.
CREATE OR REPLACE FUNCTION keep_positions_month(month integer, fleets text[], drivers text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    since timestamptz := make_timestamptz(month / 12, month % 12 + 1, 1, 0, 0, 0, 'UTC');
    until timestamptz := make_timestamptz((month + 1) / 12, (month + 1) % 12 + 1, 1, 0, 0, 0, 'UTC');
    part text := 'positions_' || lpad((month / 12)::text, 4, '0') || '_' || lpad((month % 12 + 1)::text, 2, '0');
    kept bigint;
BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE positions INCLUDING ALL)', part || '_kept');
    EXECUTE format(
        'INSERT INTO %I SELECT p.* FROM %I AS p JOIN unnest($1, $2) AS k (fleet, driver_id) '
        'ON p.fleet = k.fleet AND p.driver_id = k.driver_id ORDER BY p.driver_id, p.recorded_at', part || '_kept', part)
        USING fleets, drivers;
    GET DIAGNOSTICS kept = ROW_COUNT;
    EXECUTE format('COMMENT ON TABLE %I IS %L', part || '_kept', 'Positions recorded in '
        || to_char(since AT TIME ZONE 'UTC', 'FMMonth YYYY') || ', UTC, of drivers with a longer retention.');
    EXECUTE format('DROP TABLE %I', part);
    EXECUTE format('ALTER TABLE %I RENAME TO %I', part || '_kept', part);
    EXECUTE format('ALTER TABLE positions ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, since, until);
    RETURN kept;
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION create_positions_month(integer) SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION drop_positions_month(integer) SET search_path = %I, pg_temp', current_schema());
    EXECUTE format(
        'ALTER FUNCTION keep_positions_month(integer, text[], text[]) SET search_path = %I, pg_temp', current_schema());
END
$$;
REVOKE ALL ON FUNCTION create_positions_month(integer), drop_positions_month(integer),
    keep_positions_month(integer, text[], text[]) FROM PUBLIC;
