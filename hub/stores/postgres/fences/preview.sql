-- name: candidates
-- Drivers of fleet $1 that were inside one of the boxes $2 (west, south, east, north in e7, one after the other) from $3 to
-- before $4, of the drivers $5 where that is not null: first and last time.
SELECT driver_id, min(recorded_at) AS first_at, max(recorded_at) AS last_at
FROM generate_series(1, cardinality($2::integer[]), 4) AS n, positions
WHERE fleet = $1 AND recorded_at >= $3 AND recorded_at < $4
    AND (latitude_e7 / 200000 * 18000 + longitude_e7 / 200000) = ANY (ARRAY(
        SELECT y * 18000 + x
        FROM generate_series($2[n + 1] / 200000, $2[n + 3] / 200000) AS y,
            generate_series($2[n] / 200000, $2[n + 2] / 200000) AS x
    ))
    AND latitude_e7 BETWEEN $2[n + 1] AND $2[n + 3] AND longitude_e7 BETWEEN $2[n] AND $2[n + 2]
    AND ($5::text[] IS NULL OR driver_id = ANY ($5))
GROUP BY driver_id
ORDER BY driver_id;

-- name: candidates_wide
-- The same for boxes of very many tiles: through the index of tracks.
SELECT driver_id, min(recorded_at) AS first_at, max(recorded_at) AS last_at
FROM generate_series(1, cardinality($2::integer[]), 4) AS n, positions
WHERE fleet = $1 AND recorded_at >= $3 AND recorded_at < $4
    AND latitude_e7 BETWEEN $2[n + 1] AND $2[n + 3] AND longitude_e7 BETWEEN $2[n] AND $2[n + 2]
    AND ($5::text[] IS NULL OR driver_id = ANY ($5))
GROUP BY driver_id
ORDER BY driver_id;

-- name: positions
-- Positions of driver $2 of fleet $1 from $3 to before $4, at most $5; of several at one instant the most exact one, as the
-- folds take them ($6 stands for an unknown accuracy).
SELECT DISTINCT ON (recorded_at) recorded_at, latitude_e7, longitude_e7, speed, accuracy FROM positions
WHERE fleet = $1 AND driver_id = $2 AND recorded_at >= $3 AND recorded_at < $4
ORDER BY recorded_at, coalesce(nullif(accuracy, 0), $6::float8), latitude_e7, longitude_e7
LIMIT $5;
