# Positions over HTTP. 200 means that they are stored, even if a process crashes afterwards.
set -euo pipefail
HUB=${HUB:-http://localhost:8080}
AUTH="Authorization: Bearer ${TOKEN:-}"

# A fix needs a position, and a driver id unless the token names the driver. Without recordedAt it gets the time of receipt.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/location" \
    -d '{"driverId": "van-1", "latitude": 25.2048, "longitude": 55.2708, "speed": 13.9, "heading": 45}'
echo

# An array of up to 500 fixes. An invalid fix is rejected; the others are stored.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/location" -d '[
    {"driverId": "van-1", "latitude": 25.2050, "longitude": 55.2710, "recordedAt": "2026-01-05T08:00:00Z"},
    {"driverId": "van-2", "latitude": 25.2100, "longitude": 55.2800, "recordedAt": "2026-01-05T08:00:00Z"},
    {"driverId": "van-3", "latitude": 95.0000, "longitude": 55.2800}]'
echo

# A repeated fix is stored once, so send it again if there was no answer.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/location" \
    -d '{"driverId": "van-2", "latitude": 25.2100, "longitude": 55.2800, "recordedAt": "2026-01-05T08:00:00Z"}'
echo
