-- name: track
-- Positions of one driver ($1 fleet, $2 driver) from $3 to before $4 in time order, at most $5, in degrees.
SELECT * FROM tracks
WHERE fleet = $1 AND driver_id = $2 AND recorded_at >= $3 AND recorded_at < $4
ORDER BY recorded_at, latitude, longitude
LIMIT $5;

-- name: who_was_inside
-- Drivers of fleet $1 that were inside a box (west $2, south $3, east $4, north $5, in e7; west > east crosses the
-- antimeridian) from $6 to before $7: first and last time, and how many positions. The tiles that the box touches lead
-- to the candidates through the index positions_tile, whose expression this repeats.
SELECT driver_id, min(recorded_at) AS first_at, max(recorded_at) AS last_at, count(*) AS positions
FROM positions
WHERE fleet = $1 AND recorded_at >= $6 AND recorded_at < $7
    AND (latitude_e7 / 200000 * 18000 + longitude_e7 / 200000) = ANY (ARRAY(
        SELECT y * 18000 + x
        FROM generate_series($3::integer / 200000, $5::integer / 200000) AS y, (
            SELECT generate_series($2::integer / 200000, CASE WHEN $2 > $4 THEN 9000 ELSE $4::integer / 200000 END)
            UNION ALL SELECT generate_series(-9000, $4 / 200000) WHERE $2 > $4
        ) AS columns (x)
    ))
    AND latitude_e7 BETWEEN $3 AND $5
    AND (longitude_e7 BETWEEN $2 AND $4 OR $2 > $4 AND (longitude_e7 >= $2 OR longitude_e7 <= $4))
GROUP BY driver_id
ORDER BY first_at, driver_id;

-- name: who_was_inside_wide
-- The same for a box of very many tiles: through the index of tracks, which holds the coordinates too.
SELECT driver_id, min(recorded_at) AS first_at, max(recorded_at) AS last_at, count(*) AS positions
FROM positions
WHERE fleet = $1 AND recorded_at >= $6 AND recorded_at < $7
    AND latitude_e7 BETWEEN $3 AND $5
    AND (longitude_e7 BETWEEN $2 AND $4 OR $2 > $4 AND (longitude_e7 >= $2 OR longitude_e7 <= $4))
GROUP BY driver_id
ORDER BY first_at, driver_id;
