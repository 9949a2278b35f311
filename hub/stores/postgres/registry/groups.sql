-- name: current
-- The groups that each driver is in now.
SELECT DISTINCT ON (fleet, driver_id) fleet, driver_id, groups FROM driver_groups
ORDER BY fleet, driver_id, since DESC;

-- name: counts
-- The groups of fleet $1, and how many drivers and vehicles are in each by their own rows.
SELECT name, sum(drivers)::integer AS drivers, sum(vehicles)::integer AS vehicles
FROM (
    SELECT unnest(groups) COLLATE "C" AS name, 1 AS drivers, 0 AS vehicles FROM drivers WHERE fleet = $1
    UNION ALL SELECT unnest(groups), 0, 1 FROM vehicles WHERE fleet = $1
) AS members
GROUP BY name
ORDER BY name;
