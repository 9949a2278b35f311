# A driver with a phone, and a vehicle with two conflicting changes.
set -euo pipefail
HUB=${HUB:-http://localhost:8080}
AUTH="Authorization: Bearer ${TOKEN:-}"

# A driver, and the URL for its phone, as text and as a QR code. Both are shown once.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/fleet/drivers" -d '{"driverId": "d-7", "name": "Courier 7"}' | jq -c '{driverId, version}'
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/fleet/drivers/d-7/tokens" -d '{"label": "the red phone"}' >phone.json
jq -r .url phone.json
jq -r .qr phone.json >phone.svg

# A vehicle. A change sends its ETag, which is the version, in If-Match.
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/fleet/vehicles" -d '{"vehicleId": "v-1", "plate": "A 12345"}' | jq -c '{vehicleId, plate}'
etag=$(curl -sS --fail-with-body -H "$AUTH" -o /dev/null -D - "$HUB/api/v1/fleet/vehicles/v-1" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: *//p')

# The first change succeeds. The second has the version before it: 412, and nothing is overwritten.
for plate in 'B 1' 'B 2'; do
    curl -sS -H "$AUTH" -X PATCH -H "If-Match: $etag" -o /dev/null -w "%{http_code} $plate\n" \
        -d "{\"plate\": \"$plate\"}" "$HUB/api/v1/fleet/vehicles/v-1"
done
curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/fleet/vehicles/v-1" | jq -c '{plate, version}'

# Disable the driver: its sockets are closed, its phone is refused.
curl -sS --fail-with-body -H "$AUTH" -X PATCH -H 'If-Match: *' -d '{"disabled": true}' "$HUB/api/v1/fleet/drivers/d-7" | jq -c '{driverId, disabled}'
