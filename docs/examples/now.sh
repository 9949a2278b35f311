# Present positions of the drivers.
set -euo pipefail
HUB=${HUB:-http://localhost:8080}
AUTH="Authorization: Bearer ${TOKEN:-}"

# All drivers, in pages.
next="/api/v1/drivers?limit=2"
while [ -n "$next" ]; do
    page=$(curl -sS --fail-with-body -H "$AUTH" "$HUB$next")
    echo "$page" | jq -r '.drivers[] | [.driverId, .status, .position.latitude, .position.longitude] | @tsv'
    cursor=$(echo "$page" | jq -r '.next // empty')
    next=${cursor:+/api/v1/drivers?limit=2&cursor=$cursor}
done

# One driver.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/drivers/van-1" | jq -c '{driverId, status, speed: .position.speed}'

# The drivers nearest to a place, with their distance in metres.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/nearby?latitude=25.2&longitude=55.27&radius=5000&limit=3" |
    jq -r '.drivers[] | "\(.driverId) \(.distance | round) m"'

# The whole fleet for polling programs: GeoJSON for maps, GTFS-Realtime for journey planners.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/feeds/drivers.geojson" | jq -c '{type, features: (.features | length)}'
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/feeds/vehicle-positions.pb" | wc -c
