# The history of one day. Times are RFC 3339; `from` is included, `to` is not.
set -euo pipefail
HUB=${HUB:-http://localhost:8080}
AUTH="Authorization: Bearer ${TOKEN:-}"
DRIVER=${DRIVER:-van-1}
SPAN="from=${FROM:-2026-01-05T00:00:00Z}&to=${TO:-2026-01-06T00:00:00Z}"

# A track: JSON in pages, or a file with all positions.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/drivers/$DRIVER/track?$SPAN" | jq '.positions | length'
for format in gpx csv geojson; do
    curl -sS --fail-with-body -H "$AUTH" -o "track.$format" "$HUB/api/v1/drivers/$DRIVER/track?$SPAN&format=$format"
done
grep -o '<trkpt' track.gpx | wc -l
tail -n 1 track.csv
jq -r .type track.geojson

# A simplified track, which differs from the line by at most 20 metres.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/drivers/$DRIVER/track?$SPAN&simplify=20" | jq '.positions | length'

# Trips: start, end, distance in metres, highest speed in metres per second.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/drivers/$DRIVER/trips?$SPAN" |
    jq -r '.trips[] | [.startedAt, .endedAt // "goes on", .distance, .maxSpeed] | @tsv'

# Positions in a box (west, south, east, north): the first two, and whether more follow.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/positions?bbox=55.2,25.1,55.4,25.3&$SPAN&limit=2" |
    jq -r '(.positions[] | [.driverId, .recordedAt, .latitude, .longitude] | @tsv), (.next // empty | "more follow")'

# Drivers in the box, with their first and last time.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/positions/drivers?bbox=55.2,25.1,55.4,25.3&$SPAN" |
    jq -r '.drivers[] | [.driverId, .firstAt, .lastAt, .positions] | @tsv'

# Daily totals, such as driving time and distance.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/analytics/daily?from=2026-01-05&to=2026-01-05" | jq -c '.days[]'
