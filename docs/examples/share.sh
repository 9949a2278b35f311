# A share link for a customer: it shows one driver for two hours.
set -euo pipefail
HUB=${HUB:-http://localhost:8080}
AUTH="Authorization: Bearer ${TOKEN:-}"

share=$(curl -sS --fail-with-body -H "$AUTH" "$HUB/api/v1/shares" -d '{"driverId": "van-1", "label": "Your delivery", "hours": 2}')
echo "$share" | jq -r '"\(.url) until \(.expiresAt)"'

# The request of the page behind the link. It needs no token but the one in the link.
curl -sS --fail-with-body "$HUB/api/v1/share/$(echo "$share" | jq -r .token)" | jq -r '[.label, .status, (.position | keys | join(" "))] | @tsv'

# Delete the link before it expires.
curl -sS --fail-with-body -H "$AUTH" -X DELETE -w '%{http_code}\n' "$HUB/api/v1/shares/$(echo "$share" | jq -r .id)"
