# Positions by HTTP. After 200 they are stored durably.
set -euo pipefail
HUB=${HUB:-http://localhost:8080}
AUTH="Authorization: Bearer ${TOKEN:-}"

# A fix needs coordinates, and a driver unless the token names one. recordedAt is the time of receipt by default.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/location" \
    -d '{"driverId": "van-1", "latitude": 25.2048, "longitude": 55.2708, "speed": 13.9, "heading": 45}'
echo

# An array of up to 500. An invalid fix is refused, the others are accepted.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/location" -d '[
    {"driverId": "van-1", "latitude": 25.2050, "longitude": 55.2710, "recordedAt": "2026-01-05T08:00:00Z"},
    {"driverId": "van-2", "latitude": 25.2100, "longitude": 55.2800, "recordedAt": "2026-01-05T08:00:00Z"},
    {"driverId": "van-3", "latitude": 95.0000, "longitude": 55.2800}]'
echo

# A repeated fix is stored once, so a client without an answer sends it again.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/location" \
    -d '{"driverId": "van-2", "latitude": 25.2100, "longitude": 55.2800, "recordedAt": "2026-01-05T08:00:00Z"}'
echo
