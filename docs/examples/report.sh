# Positions by HTTP. 200 means that they are stored, whatever breaks afterwards.
set -euo pipefail
HUB=${HUB:-http://localhost:8080}
AUTH="Authorization: Bearer ${TOKEN:-}"

# A fix needs a place, and a driver where the token names none. Without recordedAt it is of now.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/location" \
    -d '{"driverId": "van-1", "latitude": 25.2048, "longitude": 55.2708, "speed": 13.9, "heading": 45}'
echo

# An array of up to 500. One that cannot be refuses itself, and not the others.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/location" -d '[
    {"driverId": "van-1", "latitude": 25.2050, "longitude": 55.2710, "recordedAt": "2026-01-05T08:00:00Z"},
    {"driverId": "van-2", "latitude": 25.2100, "longitude": 55.2800, "recordedAt": "2026-01-05T08:00:00Z"},
    {"driverId": "van-3", "latitude": 95.0000, "longitude": 55.2800}]'
echo

# Sent again it is stored once, so whoever got no answer sends it again.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/location" \
    -d '{"driverId": "van-2", "latitude": 25.2100, "longitude": 55.2800, "recordedAt": "2026-01-05T08:00:00Z"}'
echo
