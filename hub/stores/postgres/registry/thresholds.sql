-- name: all_thresholds
-- Drivers of all fleets with thresholds of their own.
SELECT fleet, driver_id, stale_after, offline_after FROM drivers
WHERE stale_after IS NOT NULL OR offline_after IS NOT NULL;

-- name: group_thresholds
-- Groups of all fleets with thresholds.
SELECT fleet, name, stale_after, offline_after FROM group_settings
WHERE stale_after IS NOT NULL OR offline_after IS NOT NULL;
