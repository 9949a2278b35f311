-- name: current
-- The groups that each driver is in now.
SELECT DISTINCT ON (fleet, driver_id) fleet, driver_id, groups FROM driver_groups
ORDER BY fleet, driver_id, since DESC;

-- name: counts
-- The groups of fleet $1, only $2 where that is not null: how many drivers and vehicles are in each by their own rows, and
-- its settings.
SELECT
    name,
    coalesce(sum(members.drivers), 0)::integer AS drivers,
    coalesce(sum(members.vehicles), 0)::integer AS vehicles,
    s.stale_after,
    s.offline_after,
    s.retention_months
FROM (
    SELECT unnest(groups) COLLATE "C" AS name, 1 AS drivers, 0 AS vehicles FROM drivers WHERE fleet = $1
    UNION ALL SELECT unnest(groups), 0, 1 FROM vehicles WHERE fleet = $1
) AS members
FULL JOIN (SELECT * FROM group_settings WHERE fleet = $1) AS s USING (name)
WHERE $2::text IS NULL OR name = $2
GROUP BY name, s.stale_after, s.offline_after, s.retention_months
ORDER BY name;

-- name: put_settings
-- Give group $2 of fleet $1 thresholds $3 and $4 and a retention $5, or null.
INSERT INTO group_settings (fleet, name, stale_after, offline_after, retention_months) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (fleet, name) DO UPDATE SET
    stale_after = excluded.stale_after,
    offline_after = excluded.offline_after,
    retention_months = excluded.retention_months;

-- name: delete_settings
-- Remove the settings of group $2 of fleet $1.
DELETE FROM group_settings WHERE fleet = $1 AND name = $2 RETURNING name;
