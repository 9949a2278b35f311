-- name: join
-- This session counts as a recorder until its end.
SELECT pg_advisory_lock_shared(hashtextextended('hub recorders', 0));

-- name: count
-- Sessions that count as recorders.
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND mode = 'ShareLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32 | objid::bigint) = hashtextextended('hub recorders', 0);

-- name: free
-- Those of the logs $1 that no session has the lock of.
SELECT log FROM unnest($1::text[]) AS l (log)
WHERE NOT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid::bigint << 32 | objid::bigint) = hashtextextended('hub recorder ' || log, 0)
);
