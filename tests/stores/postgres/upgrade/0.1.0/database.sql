SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.notify_access() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('hub_access', TG_TABLE_NAME);
    RETURN NULL;
END
$$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.daily (
    day date NOT NULL,
    trips integer NOT NULL,
    distance double precision NOT NULL,
    duration double precision NOT NULL,
    moving_time double precision NOT NULL,
    average_speed double precision GENERATED ALWAYS AS ((distance / duration)) STORED NOT NULL,
    max_speed double precision NOT NULL,
    fleet text NOT NULL COLLATE pg_catalog."C",
    driver_id text NOT NULL COLLATE pg_catalog."C"
)
WITH (fillfactor='80');
COMMENT ON TABLE public.daily IS 'What each driver did on each day: sums of its trips, counted anew whenever one of them changes, so that they are always right.';
COMMENT ON COLUMN public.daily.day IS 'UTC. A trip belongs to the day on which it began.';
COMMENT ON COLUMN public.daily.trips IS 'Trips, an open one included.';
COMMENT ON COLUMN public.daily.distance IS 'Metres.';
COMMENT ON COLUMN public.daily.duration IS 'Seconds on trips.';
COMMENT ON COLUMN public.daily.moving_time IS 'Seconds of it in motion.';
COMMENT ON COLUMN public.daily.average_speed IS 'Metres per second, distance by duration.';
COMMENT ON COLUMN public.daily.max_speed IS 'Metres per second.';
COMMENT ON COLUMN public.daily.fleet IS 'The tenant.';
COMMENT ON COLUMN public.daily.driver_id IS 'Who drove.';
CREATE VIEW public.daily_fleet AS
 SELECT fleet,
    day,
    count(*) AS drivers,
    sum(trips) AS trips,
    (sum((distance)::numeric))::double precision AS distance,
    (sum((duration)::numeric))::double precision AS duration,
    (sum((moving_time)::numeric))::double precision AS moving_time,
    ((sum((distance)::numeric) / sum((duration)::numeric)))::double precision AS average_speed,
    max(max_speed) AS max_speed
   FROM public.daily
  GROUP BY fleet, day;
COMMENT ON VIEW public.daily_fleet IS 'What each fleet did on each UTC day; drivers counts those that had a trip.';
CREATE TABLE public.dead_letters (
    id bigint NOT NULL,
    entry_id text NOT NULL,
    fleet text,
    reason text NOT NULL,
    payload bytea NOT NULL,
    buried_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.dead_letters IS 'What the recorder could not store, as it stood in the log; its neighbours were stored. docs/data.md says what to do.';
COMMENT ON COLUMN public.dead_letters.id IS 'Order of burial.';
COMMENT ON COLUMN public.dead_letters.entry_id IS 'Id of the log entry that held it.';
COMMENT ON COLUMN public.dead_letters.fleet IS 'The tenant, where it could be read.';
COMMENT ON COLUMN public.dead_letters.reason IS 'What was wrong with it.';
COMMENT ON COLUMN public.dead_letters.payload IS 'One position''s JSON, or a whole field of the entry where it could not be taken apart.';
COMMENT ON COLUMN public.dead_letters.buried_at IS 'When it was given up.';
ALTER TABLE public.dead_letters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.dead_letters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.drivers (
    fleet text NOT NULL COLLATE pg_catalog."C",
    driver_id text NOT NULL COLLATE pg_catalog."C",
    name text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    disabled boolean DEFAULT false NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.drivers IS 'Drivers that were entered by hand: a name to show, and whether they may report. Others report, too.';
COMMENT ON COLUMN public.drivers.fleet IS 'The tenant.';
COMMENT ON COLUMN public.drivers.driver_id IS 'As in positions.';
COMMENT ON COLUMN public.drivers.name IS 'What people call the driver.';
COMMENT ON COLUMN public.drivers.phone IS 'How to reach the driver; shown, never called.';
COMMENT ON COLUMN public.drivers.disabled IS 'May not report: its tokens are refused and its sockets end.';
COMMENT ON COLUMN public.drivers.version IS 'Rises with each change; the ETag.';
COMMENT ON COLUMN public.drivers.created_at IS 'When it was made.';
COMMENT ON COLUMN public.drivers.updated_at IS 'When it was changed last.';
CREATE TABLE public.event_offsets (
    stream text NOT NULL,
    last_id bigint DEFAULT 0 NOT NULL
);
COMMENT ON TABLE public.event_offsets IS 'How far events were published.';
COMMENT ON COLUMN public.event_offsets.stream IS 'Redis key of the stream.';
COMMENT ON COLUMN public.event_offsets.last_id IS 'Id of the last event that is in the stream; 0 before the first.';
CREATE TABLE public.events (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    fleet text NOT NULL COLLATE pg_catalog."C",
    driver_id text NOT NULL COLLATE pg_catalog."C",
    payload json NOT NULL
);
COMMENT ON TABLE public.events IS 'What the recorder found out and subscribers are told; written with the rows that it is about, published after.';
COMMENT ON COLUMN public.events.id IS 'Order of events; repeats in the stream carry the same.';
COMMENT ON COLUMN public.events.created_at IS 'When the transaction began that wrote it.';
COMMENT ON COLUMN public.events.fleet IS 'The tenant.';
COMMENT ON COLUMN public.events.driver_id IS 'Whose event.';
COMMENT ON COLUMN public.events.payload IS 'The message as subscribers get it.';
ALTER TABLE public.events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.log_offsets (
    log text NOT NULL,
    last_id text DEFAULT '0-0'::text NOT NULL,
    committed_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.log_offsets IS 'How far the recorder has come; moves in the same transaction as the rows.';
COMMENT ON COLUMN public.log_offsets.log IS 'Redis key of the log.';
COMMENT ON COLUMN public.log_offsets.last_id IS 'Id of the last entry whose positions are stored; 0-0 before the first.';
COMMENT ON COLUMN public.log_offsets.committed_at IS 'When it moved last.';
CREATE TABLE public.phone_tokens (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    hash bytea NOT NULL,
    fleet text NOT NULL COLLATE pg_catalog."C",
    driver_id text NOT NULL COLLATE pg_catalog."C",
    label text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.phone_tokens IS 'Short tokens in the URL of a phone app, /t/<token>; revoked by deleting the row.';
COMMENT ON COLUMN public.phone_tokens.id IS 'What the API calls it.';
COMMENT ON COLUMN public.phone_tokens.hash IS 'SHA-256 of the token; the token itself is shown once.';
COMMENT ON COLUMN public.phone_tokens.fleet IS 'The tenant.';
COMMENT ON COLUMN public.phone_tokens.driver_id IS 'Who reports with it.';
COMMENT ON COLUMN public.phone_tokens.label IS 'Which phone it is in.';
COMMENT ON COLUMN public.phone_tokens.created_at IS 'When it was made.';
CREATE TABLE public.positions (
    recorded_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    latitude_e7 integer NOT NULL,
    longitude_e7 integer NOT NULL,
    speed double precision,
    heading double precision,
    accuracy double precision,
    altitude double precision,
    battery double precision,
    fleet text NOT NULL COLLATE pg_catalog."C",
    driver_id text NOT NULL COLLATE pg_catalog."C",
    attributes json,
    CONSTRAINT positions_latitude_e7_check CHECK (((latitude_e7 >= '-900000000'::integer) AND (latitude_e7 <= 900000000))),
    CONSTRAINT positions_longitude_e7_check CHECK (((longitude_e7 >= '-1800000000'::integer) AND (longitude_e7 <= 1800000000)))
)
PARTITION BY RANGE (recorded_at);
COMMENT ON TABLE public.positions IS 'Every accepted position once, partitioned by the UTC month of recorded_at. The recorder alone inserts; nobody updates.';
COMMENT ON COLUMN public.positions.recorded_at IS 'When the device took the fix, by its own clock.';
COMMENT ON COLUMN public.positions.received_at IS 'When the hub read the fix, by the hub''s clock.';
COMMENT ON COLUMN public.positions.latitude_e7 IS 'Degrees north, WGS 84, times 10,000,000: an integer, so that equality is exact.';
COMMENT ON COLUMN public.positions.longitude_e7 IS 'Degrees east, WGS 84, times 10,000,000.';
COMMENT ON COLUMN public.positions.speed IS 'Metres per second; null when unknown.';
COMMENT ON COLUMN public.positions.heading IS 'Direction of travel, degrees clockwise from true north; null when unknown.';
COMMENT ON COLUMN public.positions.accuracy IS 'Horizontal radius in metres (95 %); null when unknown.';
COMMENT ON COLUMN public.positions.altitude IS 'Metres; null when unknown.';
COMMENT ON COLUMN public.positions.battery IS 'Charge of the device, 0 to 1; null when unknown.';
COMMENT ON COLUMN public.positions.fleet IS 'The tenant.';
COMMENT ON COLUMN public.positions.driver_id IS 'Who was followed.';
COMMENT ON COLUMN public.positions.attributes IS 'What the device said beyond these fields, untouched: json and not jsonb, which refuses \u0000.';
CREATE TABLE public.positions_2026_10 (
    recorded_at timestamp with time zone CONSTRAINT positions_recorded_at_not_null NOT NULL,
    received_at timestamp with time zone CONSTRAINT positions_received_at_not_null NOT NULL,
    latitude_e7 integer CONSTRAINT positions_latitude_e7_not_null NOT NULL,
    longitude_e7 integer CONSTRAINT positions_longitude_e7_not_null NOT NULL,
    speed double precision,
    heading double precision,
    accuracy double precision,
    altitude double precision,
    battery double precision,
    fleet text CONSTRAINT positions_fleet_not_null NOT NULL COLLATE pg_catalog."C",
    driver_id text CONSTRAINT positions_driver_id_not_null NOT NULL COLLATE pg_catalog."C",
    attributes json,
    CONSTRAINT positions_latitude_e7_check CHECK (((latitude_e7 >= '-900000000'::integer) AND (latitude_e7 <= 900000000))),
    CONSTRAINT positions_longitude_e7_check CHECK (((longitude_e7 >= '-1800000000'::integer) AND (longitude_e7 <= 1800000000)))
);
COMMENT ON TABLE public.positions_2026_10 IS 'Positions recorded in October 2026, UTC.';
COMMENT ON COLUMN public.positions_2026_10.recorded_at IS 'When the device took the fix, by its own clock.';
COMMENT ON COLUMN public.positions_2026_10.received_at IS 'When the hub read the fix, by the hub''s clock.';
COMMENT ON COLUMN public.positions_2026_10.latitude_e7 IS 'Degrees north, WGS 84, times 10,000,000: an integer, so that equality is exact.';
COMMENT ON COLUMN public.positions_2026_10.longitude_e7 IS 'Degrees east, WGS 84, times 10,000,000.';
COMMENT ON COLUMN public.positions_2026_10.speed IS 'Metres per second; null when unknown.';
COMMENT ON COLUMN public.positions_2026_10.heading IS 'Direction of travel, degrees clockwise from true north; null when unknown.';
COMMENT ON COLUMN public.positions_2026_10.accuracy IS 'Horizontal radius in metres (95 %); null when unknown.';
COMMENT ON COLUMN public.positions_2026_10.altitude IS 'Metres; null when unknown.';
COMMENT ON COLUMN public.positions_2026_10.battery IS 'Charge of the device, 0 to 1; null when unknown.';
COMMENT ON COLUMN public.positions_2026_10.fleet IS 'The tenant.';
COMMENT ON COLUMN public.positions_2026_10.driver_id IS 'Who was followed.';
COMMENT ON COLUMN public.positions_2026_10.attributes IS 'What the device said beyond these fields, untouched: json and not jsonb, which refuses \u0000.';
CREATE TABLE public.positions_2026_11 (
    recorded_at timestamp with time zone CONSTRAINT positions_recorded_at_not_null NOT NULL,
    received_at timestamp with time zone CONSTRAINT positions_received_at_not_null NOT NULL,
    latitude_e7 integer CONSTRAINT positions_latitude_e7_not_null NOT NULL,
    longitude_e7 integer CONSTRAINT positions_longitude_e7_not_null NOT NULL,
    speed double precision,
    heading double precision,
    accuracy double precision,
    altitude double precision,
    battery double precision,
    fleet text CONSTRAINT positions_fleet_not_null NOT NULL COLLATE pg_catalog."C",
    driver_id text CONSTRAINT positions_driver_id_not_null NOT NULL COLLATE pg_catalog."C",
    attributes json,
    CONSTRAINT positions_latitude_e7_check CHECK (((latitude_e7 >= '-900000000'::integer) AND (latitude_e7 <= 900000000))),
    CONSTRAINT positions_longitude_e7_check CHECK (((longitude_e7 >= '-1800000000'::integer) AND (longitude_e7 <= 1800000000)))
);
COMMENT ON TABLE public.positions_2026_11 IS 'Positions recorded in November 2026, UTC.';
COMMENT ON COLUMN public.positions_2026_11.recorded_at IS 'When the device took the fix, by its own clock.';
COMMENT ON COLUMN public.positions_2026_11.received_at IS 'When the hub read the fix, by the hub''s clock.';
COMMENT ON COLUMN public.positions_2026_11.latitude_e7 IS 'Degrees north, WGS 84, times 10,000,000: an integer, so that equality is exact.';
COMMENT ON COLUMN public.positions_2026_11.longitude_e7 IS 'Degrees east, WGS 84, times 10,000,000.';
COMMENT ON COLUMN public.positions_2026_11.speed IS 'Metres per second; null when unknown.';
COMMENT ON COLUMN public.positions_2026_11.heading IS 'Direction of travel, degrees clockwise from true north; null when unknown.';
COMMENT ON COLUMN public.positions_2026_11.accuracy IS 'Horizontal radius in metres (95 %); null when unknown.';
COMMENT ON COLUMN public.positions_2026_11.altitude IS 'Metres; null when unknown.';
COMMENT ON COLUMN public.positions_2026_11.battery IS 'Charge of the device, 0 to 1; null when unknown.';
COMMENT ON COLUMN public.positions_2026_11.fleet IS 'The tenant.';
COMMENT ON COLUMN public.positions_2026_11.driver_id IS 'Who was followed.';
COMMENT ON COLUMN public.positions_2026_11.attributes IS 'What the device said beyond these fields, untouched: json and not jsonb, which refuses \u0000.';
CREATE TABLE public.positions_2026_12 (
    recorded_at timestamp with time zone CONSTRAINT positions_recorded_at_not_null NOT NULL,
    received_at timestamp with time zone CONSTRAINT positions_received_at_not_null NOT NULL,
    latitude_e7 integer CONSTRAINT positions_latitude_e7_not_null NOT NULL,
    longitude_e7 integer CONSTRAINT positions_longitude_e7_not_null NOT NULL,
    speed double precision,
    heading double precision,
    accuracy double precision,
    altitude double precision,
    battery double precision,
    fleet text CONSTRAINT positions_fleet_not_null NOT NULL COLLATE pg_catalog."C",
    driver_id text CONSTRAINT positions_driver_id_not_null NOT NULL COLLATE pg_catalog."C",
    attributes json,
    CONSTRAINT positions_latitude_e7_check CHECK (((latitude_e7 >= '-900000000'::integer) AND (latitude_e7 <= 900000000))),
    CONSTRAINT positions_longitude_e7_check CHECK (((longitude_e7 >= '-1800000000'::integer) AND (longitude_e7 <= 1800000000)))
);
COMMENT ON TABLE public.positions_2026_12 IS 'Positions recorded in December 2026, UTC.';
COMMENT ON COLUMN public.positions_2026_12.recorded_at IS 'When the device took the fix, by its own clock.';
COMMENT ON COLUMN public.positions_2026_12.received_at IS 'When the hub read the fix, by the hub''s clock.';
COMMENT ON COLUMN public.positions_2026_12.latitude_e7 IS 'Degrees north, WGS 84, times 10,000,000: an integer, so that equality is exact.';
COMMENT ON COLUMN public.positions_2026_12.longitude_e7 IS 'Degrees east, WGS 84, times 10,000,000.';
COMMENT ON COLUMN public.positions_2026_12.speed IS 'Metres per second; null when unknown.';
COMMENT ON COLUMN public.positions_2026_12.heading IS 'Direction of travel, degrees clockwise from true north; null when unknown.';
COMMENT ON COLUMN public.positions_2026_12.accuracy IS 'Horizontal radius in metres (95 %); null when unknown.';
COMMENT ON COLUMN public.positions_2026_12.altitude IS 'Metres; null when unknown.';
COMMENT ON COLUMN public.positions_2026_12.battery IS 'Charge of the device, 0 to 1; null when unknown.';
COMMENT ON COLUMN public.positions_2026_12.fleet IS 'The tenant.';
COMMENT ON COLUMN public.positions_2026_12.driver_id IS 'Who was followed.';
COMMENT ON COLUMN public.positions_2026_12.attributes IS 'What the device said beyond these fields, untouched: json and not jsonb, which refuses \u0000.';
CREATE TABLE public.positions_default (
    recorded_at timestamp with time zone CONSTRAINT positions_recorded_at_not_null NOT NULL,
    received_at timestamp with time zone CONSTRAINT positions_received_at_not_null NOT NULL,
    latitude_e7 integer CONSTRAINT positions_latitude_e7_not_null NOT NULL,
    longitude_e7 integer CONSTRAINT positions_longitude_e7_not_null NOT NULL,
    speed double precision,
    heading double precision,
    accuracy double precision,
    altitude double precision,
    battery double precision,
    fleet text CONSTRAINT positions_fleet_not_null NOT NULL COLLATE pg_catalog."C",
    driver_id text CONSTRAINT positions_driver_id_not_null NOT NULL COLLATE pg_catalog."C",
    attributes json,
    CONSTRAINT positions_latitude_e7_check CHECK (((latitude_e7 >= '-900000000'::integer) AND (latitude_e7 <= 900000000))),
    CONSTRAINT positions_longitude_e7_check CHECK (((longitude_e7 >= '-1800000000'::integer) AND (longitude_e7 <= 1800000000)))
);
COMMENT ON TABLE public.positions_default IS 'Positions whose month has no partition: a device clock far off, or a month that could not be created yet. Never the usual place: the recorder raises default_partition_used, and moves rows out when their month gets its partition.';
CREATE TABLE public.refresh_tokens (
    hash bytea NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone
);
COMMENT ON TABLE public.refresh_tokens IS 'Each is good once; one that comes a second time was copied, and ends its session.';
COMMENT ON COLUMN public.refresh_tokens.hash IS 'SHA-256 of the token; the token itself is nowhere.';
COMMENT ON COLUMN public.refresh_tokens.session_id IS 'Its family.';
COMMENT ON COLUMN public.refresh_tokens.created_at IS 'When it was given out.';
COMMENT ON COLUMN public.refresh_tokens.used_at IS 'When it was exchanged for the next.';
CREATE TABLE public.schema_steps (
    step text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.schema_steps IS 'Numbered steps of hub/stores/migrate.py that this database has had, or never needed.';
COMMENT ON COLUMN public.schema_steps.step IS 'File name of the step, without its extension.';
COMMENT ON COLUMN public.schema_steps.applied_at IS 'When the step was applied, or the database created.';
CREATE TABLE public.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_for text
);
COMMENT ON TABLE public.sessions IS 'Logins: the family of refresh tokens that came from one password.';
COMMENT ON COLUMN public.sessions.id IS 'The claim sid of its access tokens.';
COMMENT ON COLUMN public.sessions.user_id IS 'Whose login.';
COMMENT ON COLUMN public.sessions.created_at IS 'When the password was given.';
COMMENT ON COLUMN public.sessions.expires_at IS 'When a password is needed again, whatever is refreshed.';
COMMENT ON COLUMN public.sessions.ended_at IS 'When it was ended before that; null while it may go on.';
COMMENT ON COLUMN public.sessions.ended_for IS 'Why: logout, reuse, password, role, disabled.';
CREATE TABLE public.shares (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    hash bytea NOT NULL,
    fleet text NOT NULL COLLATE pg_catalog."C",
    driver_id text NOT NULL COLLATE pg_catalog."C",
    label text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE public.shares IS 'Public links that show where one driver is until they expire; ended by deleting the row.';
COMMENT ON COLUMN public.shares.id IS 'What the API calls it.';
COMMENT ON COLUMN public.shares.hash IS 'SHA-256 of the token in the link.';
COMMENT ON COLUMN public.shares.fleet IS 'The tenant.';
COMMENT ON COLUMN public.shares.driver_id IS 'Who is shown.';
COMMENT ON COLUMN public.shares.label IS 'What those who open the link read as the name.';
COMMENT ON COLUMN public.shares.created_at IS 'When it was made.';
COMMENT ON COLUMN public.shares.expires_at IS 'When it stops to show anything.';
CREATE TABLE public.stops (
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    duration double precision GENERATED ALWAYS AS (EXTRACT(epoch FROM (ended_at - started_at))) STORED,
    fleet text NOT NULL COLLATE pg_catalog."C",
    driver_id text NOT NULL COLLATE pg_catalog."C"
);
COMMENT ON TABLE public.stops IS 'Standing in one place for at least five minutes.';
COMMENT ON COLUMN public.stops.started_at IS 'When the driver came to where it then stood.';
COMMENT ON COLUMN public.stops.ended_at IS 'When it left, or was seen last before a gap; null while it stands there.';
COMMENT ON COLUMN public.stops.latitude IS 'The middle of where it stood, degrees WGS 84.';
COMMENT ON COLUMN public.stops.longitude IS 'The middle of where it stood, degrees WGS 84.';
COMMENT ON COLUMN public.stops.duration IS 'Seconds; null while it lasts.';
COMMENT ON COLUMN public.stops.fleet IS 'The tenant.';
COMMENT ON COLUMN public.stops.driver_id IS 'Who stood.';
CREATE VIEW public.tracks AS
 SELECT fleet,
    driver_id,
    recorded_at,
    received_at,
    ((latitude_e7)::double precision / ('10000000'::numeric)::double precision) AS latitude,
    ((longitude_e7)::double precision / ('10000000'::numeric)::double precision) AS longitude,
    speed,
    heading,
    accuracy,
    altitude,
    battery,
    attributes
   FROM public.positions;
COMMENT ON VIEW public.tracks IS 'Positions in degrees, for reading. Order by recorded_at for a driver''s track.';
CREATE TABLE public.trip_checkpoints (
    recorded_at timestamp with time zone NOT NULL,
    fleet text NOT NULL COLLATE pg_catalog."C",
    driver_id text NOT NULL COLLATE pg_catalog."C",
    state bytea NOT NULL
);
COMMENT ON TABLE public.trip_checkpoints IS 'States of the fold that makes trips, from which it can go on: after a restart, and where points arrive late.';
COMMENT ON COLUMN public.trip_checkpoints.recorded_at IS 'The state holds all positions up to and including this instant.';
COMMENT ON COLUMN public.trip_checkpoints.fleet IS 'The tenant.';
COMMENT ON COLUMN public.trip_checkpoints.driver_id IS 'Whose state.';
COMMENT ON COLUMN public.trip_checkpoints.state IS 'hub.core.trips.State as MessagePack.';
CREATE TABLE public.trips (
    id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    counted_to timestamp with time zone NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    end_latitude double precision,
    end_longitude double precision,
    distance double precision NOT NULL,
    duration double precision GENERATED ALWAYS AS (EXTRACT(epoch FROM (counted_to - started_at))) STORED NOT NULL,
    moving_time double precision NOT NULL,
    max_speed double precision NOT NULL,
    points integer NOT NULL,
    fleet text NOT NULL COLLATE pg_catalog."C",
    driver_id text NOT NULL COLLATE pg_catalog."C",
    path text,
    CONSTRAINT trips_check CHECK ((counted_to > started_at)),
    CONSTRAINT trips_distance_check CHECK ((distance >= (0)::double precision)),
    CONSTRAINT trips_moving_time_check CHECK ((moving_time >= (0)::double precision))
)
WITH (fillfactor='80');
COMMENT ON TABLE public.trips IS 'Movement between two stops. While a trip is open (ended_at is null) its figures are those at counted_to.';
COMMENT ON COLUMN public.trips.id IS 'UUID made of fleet, driver and start: the same points make the same trip, whenever they come.';
COMMENT ON COLUMN public.trips.started_at IS 'When the driver left its stop, or was seen first.';
COMMENT ON COLUMN public.trips.ended_at IS 'When it stopped, or was seen last before a gap; null while the trip is open.';
COMMENT ON COLUMN public.trips.counted_to IS 'recorded_at of the last point in the figures; of an open trip at most a minute old.';
COMMENT ON COLUMN public.trips.latitude IS 'Where it started, degrees WGS 84.';
COMMENT ON COLUMN public.trips.longitude IS 'Where it started, degrees WGS 84.';
COMMENT ON COLUMN public.trips.end_latitude IS 'Where it ended; null while open.';
COMMENT ON COLUMN public.trips.end_longitude IS 'Where it ended; null while open.';
COMMENT ON COLUMN public.trips.distance IS 'Metres driven, without GPS noise and impossible jumps.';
COMMENT ON COLUMN public.trips.duration IS 'Seconds from started_at to counted_to.';
COMMENT ON COLUMN public.trips.moving_time IS 'Seconds of it in motion; the rest is idle time.';
COMMENT ON COLUMN public.trips.max_speed IS 'Metres per second, as reported where plausible, else measured.';
COMMENT ON COLUMN public.trips.points IS 'Positions that count.';
COMMENT ON COLUMN public.trips.fleet IS 'The tenant.';
COMMENT ON COLUMN public.trips.driver_id IS 'Who drove.';
COMMENT ON COLUMN public.trips.path IS 'Simplified path (10 m) as an encoded polyline of five digits; null while open.';
CREATE TABLE public.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    fleet text NOT NULL COLLATE pg_catalog."C",
    username text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL,
    password_hash text NOT NULL,
    password_once boolean DEFAULT false NOT NULL,
    disabled boolean DEFAULT false NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'dispatcher'::text])))
);
COMMENT ON TABLE public.users IS 'People who log in with a password.';
COMMENT ON COLUMN public.users.id IS 'The subject of their tokens.';
COMMENT ON COLUMN public.users.fleet IS 'The tenant.';
COMMENT ON COLUMN public.users.username IS 'What they type; lower case, one namespace for all fleets.';
COMMENT ON COLUMN public.users.role IS 'admin manages the fleet, dispatcher watches it.';
COMMENT ON COLUMN public.users.password_hash IS 'Argon2id, with its parameters and salt.';
COMMENT ON COLUMN public.users.password_once IS 'The password was given by somebody else and must be replaced at the first login.';
COMMENT ON COLUMN public.users.disabled IS 'May not log in; all sessions are ended.';
COMMENT ON COLUMN public.users.version IS 'Rises with each change; the ETag.';
COMMENT ON COLUMN public.users.created_at IS 'When it was made.';
COMMENT ON COLUMN public.users.updated_at IS 'When it was changed last.';
CREATE TABLE public.vehicles (
    fleet text NOT NULL COLLATE pg_catalog."C",
    vehicle_id text NOT NULL COLLATE pg_catalog."C",
    name text DEFAULT ''::text NOT NULL,
    plate text DEFAULT ''::text NOT NULL,
    driver_id text COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.vehicles IS 'What drivers drive. Positions are of drivers; a vehicle is where its driver is.';
COMMENT ON COLUMN public.vehicles.fleet IS 'The tenant.';
COMMENT ON COLUMN public.vehicles.vehicle_id IS 'The fleet''s own id for it.';
COMMENT ON COLUMN public.vehicles.name IS 'What people call it.';
COMMENT ON COLUMN public.vehicles.plate IS 'Licence plate.';
COMMENT ON COLUMN public.vehicles.driver_id IS 'Who drives it now; null when nobody does.';
COMMENT ON COLUMN public.vehicles.version IS 'Rises with each change; the ETag.';
COMMENT ON COLUMN public.vehicles.created_at IS 'When it was made.';
COMMENT ON COLUMN public.vehicles.updated_at IS 'When it was changed last.';
ALTER TABLE ONLY public.positions ATTACH PARTITION public.positions_2026_10 FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');
ALTER TABLE ONLY public.positions ATTACH PARTITION public.positions_2026_11 FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');
ALTER TABLE ONLY public.positions ATTACH PARTITION public.positions_2026_12 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
ALTER TABLE ONLY public.positions ATTACH PARTITION public.positions_default DEFAULT;
INSERT INTO public.daily VALUES ('2026-10-30', 1, 6047.2, 300, 300, DEFAULT, 20.16, 'default', 'truck-1');
INSERT INTO public.drivers VALUES ('default', 'truck-1', 'Truck One', '+971 50 000 0000', false, 1, '2026-11-26 17:36:33.503215+00', '2026-11-26 17:36:33.503215+00');
INSERT INTO public.event_offsets VALUES ('hub:events', 0);
INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-26 17:36:38.888492+00', 'default', 'truck-1', '{"type":"trip","event":"started","tripId":"66ccf198-bf60-5e85-8dab-3b0c6df5d074","driverId":"truck-1","startedAt":"2026-10-30T08:00:00Z","endedAt":"2026-10-30T08:05:00Z","countedTo":"2026-10-30T08:05:00Z","latitude":25.2,"longitude":55.27,"endLatitude":25.2,"endLongitude":55.33,"distance":6047.2,"duration":300.0,"movingTime":300.0,"idleTime":0.0,"averageSpeed":20.16,"maxSpeed":20.16,"points":31}');
INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES (2, '2026-11-26 17:36:38.888492+00', 'default', 'truck-1', '{"type":"trip","event":"ended","tripId":"66ccf198-bf60-5e85-8dab-3b0c6df5d074","driverId":"truck-1","startedAt":"2026-10-30T08:00:00Z","endedAt":"2026-10-30T08:05:00Z","countedTo":"2026-10-30T08:05:00Z","latitude":25.2,"longitude":55.27,"endLatitude":25.2,"endLongitude":55.33,"distance":6047.2,"duration":300.0,"movingTime":300.0,"idleTime":0.0,"averageSpeed":20.16,"maxSpeed":20.16,"points":31}');
INSERT INTO public.log_offsets VALUES ('hub:log', '1795714596621-0', '2026-11-26 17:36:38.888492+00');
INSERT INTO public.phone_tokens VALUES ('c2ed79d8-9b6e-4309-abfe-5ecafce00035', '\x6aff39ae7150de18f276efc4f72030e42c06e0eaa31075d89f55f20b5c46c912', 'default', 'truck-1', 'the red phone', '2026-11-26 17:36:33.575734+00');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:00:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 552700000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:00:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 552720000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:00:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 552740000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:00:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 552760000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:00:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 552780000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:00:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 552800000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:01:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 552820000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:01:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 552840000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:01:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 552860000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:01:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 552880000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:01:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 552900000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:01:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 552920000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:02:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 552940000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:02:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 552960000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:02:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 552980000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:02:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553000000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:02:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553020000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:02:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553040000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:03:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553060000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:03:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553080000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:03:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553100000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:03:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553120000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:03:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553140000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:03:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553160000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:04:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553180000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:04:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553200000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:04:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553220000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:04:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553240000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:04:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553260000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:04:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553280000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:05:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:05:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:05:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:05:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:05:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:05:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:06:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:06:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:06:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:06:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:06:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:06:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:07:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:07:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:07:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:07:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:07:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:07:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:08:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:08:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:08:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:08:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:08:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:08:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:09:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:09:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:09:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:09:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:09:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:09:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:10:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:10:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:10:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:10:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:10:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:10:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:11:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:11:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:11:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:11:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:11:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:11:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:12:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:12:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:12:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:12:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:12:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:12:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:13:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:13:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:13:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:13:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:13:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:13:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:14:00+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:14:10+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:14:20+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:14:30+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:14:40+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.positions_2026_10 VALUES ('2026-10-30 08:14:50+00', '2026-11-26 17:36:36.620742+00', 252000000, 553300000, 20, NULL, NULL, NULL, NULL, 'default', 'truck-1', '{"satellites": 9, "note": "\u00e4\u0000"}');
INSERT INTO public.refresh_tokens VALUES ('\x30b7e7dcf1e8303fa874a644ba5f184ab2b679575d069895bd57878702f891e6', '7b98d04b-bd6c-4b55-9d7c-8609f64be13b', '2026-11-26 17:36:36.590224+00', NULL);
INSERT INTO public.sessions VALUES ('7b98d04b-bd6c-4b55-9d7c-8609f64be13b', 'd7e3a317-dfcf-48ce-aa09-3461ccd3fa7f', '2026-11-26 17:36:36.590224+00', '2026-12-26 17:36:36.590224+00', NULL, NULL);
INSERT INTO public.shares VALUES ('a10f892f-1ac7-40f7-aec3-f639a315d7cc', '\x2ab2971498bfa043cc1e3fe6b23f83e8b27aa83802b94ebf931f586388526239', 'default', 'truck-1', 'Your delivery', '2026-11-26 17:36:33.624409+00', '2026-11-26 18:36:33.618118+00');
INSERT INTO public.stops VALUES ('2026-10-30 08:05:00+00', NULL, 25.2, 55.33, DEFAULT, 'default', 'truck-1');
INSERT INTO public.trip_checkpoints VALUES ('2026-10-30 08:10:10+00', 'default', 'truck-1', '\xdc0010a87374616e64696e67cf00065f0a532c7c80cb4039333333333333cb404baa3d70a3d70a0095cf00065f0a5293e600cb4039333333333333cb404baa3d70a3d70acb4034000000000000c095cf00065f0a532c7c80cb4039333333333333cb404baa3d70a3d70acb4034000000000000c0cb0000000000000000cb40f89b207ede8a80cb40fb0b7e981497df96cf00065f0a40b24300cb4039333333333333cb404baa3d70a3d70a1fcb0000000000000000cb0000000000000000c094cf00065f0a40b24300cb4039333333333333cb404baa3d70a3d70ac0c0c0c0');
INSERT INTO public.trips VALUES ('66ccf198-bf60-5e85-8dab-3b0c6df5d074', '2026-10-30 08:00:00+00', '2026-10-30 08:05:00+00', '2026-10-30 08:05:00+00', 25.2, 55.27, 25.2, 55.33, 6047.2, DEFAULT, 300, 20.16, 31, 'default', 'truck-1', '_{xxCo|ipI?_vJ??');
INSERT INTO public.users VALUES ('0ae002f1-2960-4aec-8bf9-76b61b17bc72', 'default', 'admin', 'admin', '$argon2id$v=19$m=65536,t=3,p=4$sRjvworahY6Rgpm2msKsJA$8OFONCR/MNl0iIWrYmudmigfq4tBoaScbDsOGp6rgPo', true, false, 1, '2026-11-26 17:36:34.444768+00', '2026-11-26 17:36:34.444768+00');
INSERT INTO public.users VALUES ('d7e3a317-dfcf-48ce-aa09-3461ccd3fa7f', 'default', 'desk', 'dispatcher', '$argon2id$v=19$m=65536,t=3,p=4$x8bDaYr9uFw5sIAUKDxR0A$a8Cmk0IibhyRgaxwZ2b9ZkMtsgw01tx4ja+0WZjTZUY', false, false, 2, '2026-11-26 17:36:34.624827+00', '2026-11-26 17:36:36.590224+00');
INSERT INTO public.vehicles VALUES ('default', 'van-1', '', 'A 12345', 'truck-1', 1, '2026-11-26 17:36:33.554472+00', '2026-11-26 17:36:33.554472+00');
SELECT pg_catalog.setval('public.dead_letters_id_seq', 1, false);
SELECT pg_catalog.setval('public.events_id_seq', 2, true);
ALTER TABLE ONLY public.daily
    ADD CONSTRAINT daily_identity PRIMARY KEY (fleet, driver_id, day);
ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.drivers
    ADD CONSTRAINT drivers_identity PRIMARY KEY (fleet, driver_id);
ALTER TABLE ONLY public.event_offsets
    ADD CONSTRAINT event_offsets_pkey PRIMARY KEY (stream);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.log_offsets
    ADD CONSTRAINT log_offsets_pkey PRIMARY KEY (log);
ALTER TABLE ONLY public.phone_tokens
    ADD CONSTRAINT phone_tokens_hash_key UNIQUE (hash);
ALTER TABLE ONLY public.phone_tokens
    ADD CONSTRAINT phone_tokens_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.positions
    ADD CONSTRAINT positions_identity UNIQUE (fleet, driver_id, recorded_at, latitude_e7, longitude_e7);
COMMENT ON CONSTRAINT positions_identity ON public.positions IS 'What a position is: a resend by any protocol is the same row. Also the index of a driver''s track.';
ALTER TABLE ONLY public.positions_2026_10
    ADD CONSTRAINT positions_2026_10_fleet_driver_id_recorded_at_latitude_e7_l_key UNIQUE (fleet, driver_id, recorded_at, latitude_e7, longitude_e7);
ALTER TABLE ONLY public.positions_2026_11
    ADD CONSTRAINT positions_2026_11_fleet_driver_id_recorded_at_latitude_e7_l_key UNIQUE (fleet, driver_id, recorded_at, latitude_e7, longitude_e7);
ALTER TABLE ONLY public.positions_2026_12
    ADD CONSTRAINT positions_2026_12_fleet_driver_id_recorded_at_latitude_e7_l_key UNIQUE (fleet, driver_id, recorded_at, latitude_e7, longitude_e7);
ALTER TABLE ONLY public.positions_default
    ADD CONSTRAINT positions_default_fleet_driver_id_recorded_at_latitude_e7_l_key UNIQUE (fleet, driver_id, recorded_at, latitude_e7, longitude_e7);
ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.schema_steps
    ADD CONSTRAINT schema_steps_pkey PRIMARY KEY (step);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_hash_key UNIQUE (hash);
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.stops
    ADD CONSTRAINT stops_identity PRIMARY KEY (fleet, driver_id, started_at);
ALTER TABLE ONLY public.trip_checkpoints
    ADD CONSTRAINT trip_checkpoints_identity PRIMARY KEY (fleet, driver_id, recorded_at);
ALTER TABLE ONLY public.trips
    ADD CONSTRAINT trips_id_key UNIQUE (id);
ALTER TABLE ONLY public.trips
    ADD CONSTRAINT trips_identity PRIMARY KEY (fleet, driver_id, started_at);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_username_key UNIQUE (username);
ALTER TABLE ONLY public.vehicles
    ADD CONSTRAINT vehicles_identity PRIMARY KEY (fleet, vehicle_id);
CREATE INDEX daily_day ON public.daily USING btree (fleet, day);
CREATE INDEX phone_tokens_of_driver ON public.phone_tokens USING btree (fleet, driver_id);
CREATE INDEX positions_tile ON ONLY public.positions USING btree (fleet, ((((latitude_e7 / 200000) * 18000) + (longitude_e7 / 200000))), recorded_at);
CREATE INDEX positions_2026_10_fleet_expr_recorded_at_idx ON public.positions_2026_10 USING btree (fleet, ((((latitude_e7 / 200000) * 18000) + (longitude_e7 / 200000))), recorded_at);
CREATE INDEX positions_2026_11_fleet_expr_recorded_at_idx ON public.positions_2026_11 USING btree (fleet, ((((latitude_e7 / 200000) * 18000) + (longitude_e7 / 200000))), recorded_at);
CREATE INDEX positions_2026_12_fleet_expr_recorded_at_idx ON public.positions_2026_12 USING btree (fleet, ((((latitude_e7 / 200000) * 18000) + (longitude_e7 / 200000))), recorded_at);
CREATE INDEX positions_default_fleet_expr_recorded_at_idx ON public.positions_default USING btree (fleet, ((((latitude_e7 / 200000) * 18000) + (longitude_e7 / 200000))), recorded_at);
CREATE INDEX refresh_tokens_session ON public.refresh_tokens USING btree (session_id);
CREATE INDEX sessions_expires_at ON public.sessions USING btree (expires_at);
CREATE INDEX sessions_user ON public.sessions USING btree (user_id);
CREATE INDEX shares_driver ON public.shares USING btree (fleet, driver_id);
CREATE INDEX trip_checkpoints_recorded_at ON public.trip_checkpoints USING btree (recorded_at);
CREATE INDEX trips_started ON public.trips USING btree (fleet, started_at);
CREATE INDEX users_fleet ON public.users USING btree (fleet, username);
CREATE UNIQUE INDEX vehicles_of_driver ON public.vehicles USING btree (fleet, driver_id);
ALTER INDEX public.positions_identity ATTACH PARTITION public.positions_2026_10_fleet_driver_id_recorded_at_latitude_e7_l_key;
ALTER INDEX public.positions_tile ATTACH PARTITION public.positions_2026_10_fleet_expr_recorded_at_idx;
ALTER INDEX public.positions_identity ATTACH PARTITION public.positions_2026_11_fleet_driver_id_recorded_at_latitude_e7_l_key;
ALTER INDEX public.positions_tile ATTACH PARTITION public.positions_2026_11_fleet_expr_recorded_at_idx;
ALTER INDEX public.positions_identity ATTACH PARTITION public.positions_2026_12_fleet_driver_id_recorded_at_latitude_e7_l_key;
ALTER INDEX public.positions_tile ATTACH PARTITION public.positions_2026_12_fleet_expr_recorded_at_idx;
ALTER INDEX public.positions_identity ATTACH PARTITION public.positions_default_fleet_driver_id_recorded_at_latitude_e7_l_key;
ALTER INDEX public.positions_tile ATTACH PARTITION public.positions_default_fleet_expr_recorded_at_idx;
CREATE TRIGGER drivers_access AFTER DELETE OR UPDATE ON public.drivers FOR EACH STATEMENT EXECUTE FUNCTION public.notify_access();
CREATE TRIGGER phone_tokens_access AFTER INSERT OR DELETE OR UPDATE ON public.phone_tokens FOR EACH STATEMENT EXECUTE FUNCTION public.notify_access();
CREATE TRIGGER sessions_access AFTER DELETE OR UPDATE OF ended_at ON public.sessions FOR EACH STATEMENT EXECUTE FUNCTION public.notify_access();
CREATE TRIGGER shares_access AFTER INSERT OR DELETE OR UPDATE ON public.shares FOR EACH STATEMENT EXECUTE FUNCTION public.notify_access();
CREATE TRIGGER users_access AFTER INSERT OR DELETE OR UPDATE ON public.users FOR EACH STATEMENT EXECUTE FUNCTION public.notify_access();
ALTER TABLE ONLY public.phone_tokens
    ADD CONSTRAINT phone_tokens_driver FOREIGN KEY (fleet, driver_id) REFERENCES public.drivers(fleet, driver_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.vehicles
    ADD CONSTRAINT vehicles_driver FOREIGN KEY (fleet, driver_id) REFERENCES public.drivers(fleet, driver_id);
