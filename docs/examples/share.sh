# A link for the customer who waits: it shows one driver for two hours, and nothing else.
set -euo pipefail
HUB=${HUB:-http://localhost:8080}
AUTH="Authorization: Bearer ${TOKEN:-}"

share=$(curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/shares" -d '{"driverId": "van-1", "label": "Your delivery", "hours": 2}')
echo "$share" | jq -r '"\(.url) until \(.expiresAt)"'

# What the page behind the link asks for. It needs no token: whoever has the link has it.
curl -sS --fail-with-body "$HUB/api/v1/share/$(echo "$share" | jq -r .token)" | jq -r '[.label, .status, (.position | keys | join(" "))] | @tsv'

# Its end, before its time.
curl -sS --fail-with-body -H "$AUTH" -X DELETE -w '%{http_code}\n' "$HUB/api/v1/shares/$(echo "$share" | jq -r .id)"
