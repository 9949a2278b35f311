-- Events are in the order of the log whose recorder wrote them, and each consumer has an offset in each log: recorders that
-- commit at the same time do not commit in the order of ids. Earlier events are of the only log.
ALTER TABLE events ADD COLUMN IF NOT EXISTS log text COLLATE "C" NOT NULL DEFAULT 'hub:log';
ALTER TABLE event_offsets ADD COLUMN IF NOT EXISTS log text COLLATE "C" NOT NULL DEFAULT 'hub:log';
ALTER TABLE event_offsets DROP CONSTRAINT event_offsets_pkey;
ALTER TABLE event_offsets ADD PRIMARY KEY (stream, log);
