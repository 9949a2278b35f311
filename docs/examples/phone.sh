# Requests of phone apps. A phone has its own URL (fleet.sh); here a gateway's token replaces it.
set -euo pipefail
HUB=${HUB:-http://localhost:8080}
AUTH="Authorization: Bearer ${TOKEN:-}"

# OsmAnd, and Traccar Client up to 8: all values in the query, speed in knots.
curl -sS --fail-with-body -H "$AUTH" -o /dev/null -w '%{http_code} osmand\n' \
    "$HUB/osmand?id=phone-1&lat=25.2048&lon=55.2708&speed=10&bearing=90&timestamp=$(date +%s)"

# Traccar Client from 9: JSON, speed in metres per second.
curl -sS --fail-with-body -H "$AUTH" -o /dev/null -w '%{http_code} traccar\n' "$HUB/traccar" \
    -d '{"device_id": "phone-2", "location": {"timestamp": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'",
         "coords": {"latitude": 25.21, "longitude": 55.28, "speed": 5, "heading": 180, "accuracy": 8},
         "battery": {"level": 0.8, "is_charging": false}}}'

# OwnTracks: speed in km/h. It expects a JSON array as answer.
curl -sS --fail-with-body -H "$AUTH" -H 'X-Limit-U: courier' -H 'X-Limit-D: phone-3' -w ' %{http_code} owntracks\n' "$HUB/owntracks" \
    -d '{"_type": "location", "lat": 25.22, "lon": 55.29, "tst": '"$(date +%s)"', "vel": 36, "cog": 270, "acc": 10, "batt": 67}'
