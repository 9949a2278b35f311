# A login: an access token for the API and `/ws`, and a refresh token that renews both.
set -euo pipefail
HUB=${HUB:-http://localhost:8080}
JSON='Content-Type: application/json'

login=$(jq -n --arg username "$USERNAME" --arg password "$PASSWORD" '{username: $username, password: $password}' |
    curl -sS --fail-with-body -H "$JSON" -d @- "$HUB/api/v1/auth/token")
echo "$login" | jq -c '{role: .user.role, expiresIn}'

# Each refresh token is valid once. A second use ends the session, because the token was copied.
next=$(echo "$login" | jq '{refreshToken}' | curl -sS --fail-with-body -H "$JSON" -d @- "$HUB/api/v1/auth/refresh")

curl -sS --fail-with-body -H "Authorization: Bearer $(echo "$next" | jq -r .accessToken)" "$HUB/api/v1/auth/me" |
    jq -c '{username, role, fleet}'

echo "$next" | jq '{refreshToken}' |
    curl -sS --fail-with-body -H "$JSON" -d @- -w '%{http_code}\n' "$HUB/api/v1/auth/logout"
