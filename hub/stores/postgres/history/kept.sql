-- name: kept
-- Dead letters of fleet $1, its payloads in the quarantine, and the refused points of these.
SELECT
    (SELECT count(*) FROM dead_letters WHERE fleet = $1) AS dead_letters,
    count(*) AS payloads,
    coalesce(sum(points), 0)::bigint AS points
FROM quarantine
WHERE fleet = $1;
