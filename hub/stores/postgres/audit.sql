-- name: add
-- Entries of fleet $1, one for each of the subjects $7, in their order: actor of kind $2 with id $3, whose name is that of
-- user $4, if given; action $5 on subjects of kind $6; request $8; details $9.
INSERT INTO audit (fleet, actor_kind, actor_id, actor_name, action, kind, subject_id, request_id, details)
SELECT $1, $2, $3, (SELECT username FROM users WHERE id = $4::uuid), $5, $6, subject_id, $8, $9::json
FROM unnest($7::text[]) WITH ORDINALITY AS s (subject_id, n) ORDER BY n;

-- name: list
-- Entries of fleet $1, newest first, at most $10: those before the entry $3 of instant $2, or all; from $4 to before $5, of
-- actor $6 (id or name), action $7, kind $8 and subject $9, where these are not null.
SELECT id, happened_at, actor_kind, actor_id, actor_name, action, kind, subject_id, request_id, details
FROM audit
WHERE fleet = $1 AND ($2::timestamptz IS NULL OR (happened_at, id) < ($2, $3::bigint))
    AND happened_at >= coalesce($4::timestamptz, '-infinity') AND happened_at < coalesce($5::timestamptz, 'infinity')
    AND ($6::text IS NULL OR actor_id = $6 OR actor_name = $6) AND ($7::text IS NULL OR action = $7)
    AND ($8::text IS NULL OR kind = $8) AND ($9::text IS NULL OR subject_id = $9)
ORDER BY happened_at DESC, id DESC
LIMIT $10;

-- name: is_there
-- Whether the table exists.
SELECT to_regclass('audit') IS NOT NULL;

-- name: fleets
-- Every fleet with users, registered drivers, or days of drivers.
SELECT fleet FROM users UNION SELECT fleet FROM drivers UNION SELECT fleet FROM daily;

-- name: expire
-- Delete at most $2 entries from before $1, the oldest first.
DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE happened_at < $1 ORDER BY happened_at LIMIT $2);
