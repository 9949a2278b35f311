## The page

page-title = Fleet · Location hub
skip = Skip to the content
fleet = Fleet
views = Views
side = Drivers, alerts and fences
map = Map
details = Details
needs-javascript = This page needs JavaScript to show the fleet live.

## Language and units

settings = Language and units
settings-language = Language
settings-browser = As in the browser ({ $usual })
settings-units = Distances and speeds
settings-units-hint = Files and the API keep metres and seconds.
settings-usual = As usual in your region
settings-usual-day = As usual in your region ({ $day })
settings-metric = Kilometres and metres
settings-miles = Miles and feet
settings-clock = Times of day
settings-clock-24 = 24 hours
settings-clock-12 = 12 hours
settings-week = First day of the week
settings-no-storage = The browser does not let this page store settings. Permit that in its settings.

## Start, views and session

theme-dark = Dark
theme-light = Light
theme-change-dark = Change to dark colours
theme-change-light = Change to light colours
try-again = Try again
disconnected = Disconnected
api-no-answer = The hub does not respond.
api-log-in = Log in again.
api-role = Your role does not permit this.
api-not-found = Not found. It may have been deleted.
api-taken = Already taken.
api-changed = Changed by another user in the meantime.
api-too-large = The request is too large.
api-invalid = Invalid input: { $detail }.
api-error = Error: { $detail }.
analytics = Analytics
view-not-loaded = This view could not be loaded. Reload the page: the hub may have been updated.
view-not-installed = This view needs packages that could not be downloaded when the hub was installed. Reinstall the hub with network access.
logged-out-elsewhere = You logged out in another tab.
session-ended = Your session has ended. Log in again.
live = Live
connecting = Connecting …
reconnecting = Reconnecting …
reconnecting-since = Reconnecting · as of { $duration } ago
stale-since = Stale since { $duration }
disconnected-reason = Disconnected: { $reason }. Reload the page to reconnect.
open-hub = Open hub: no login required
open-hub-title = No secret is configured (HUB_JWT_SECRET).
log-out = Log out
log-out-failed = Logout failed; you are still logged in. { $reason }
password-new = New password
password-hint = At least 10 characters. A few words are easy to remember.
password-again = Repeat new password
password-once = This is a one-time password. Choose a new password.
log-in = Log in
passwords-differ = The passwords do not match.
logging-in = Logging in …
password-choose = Choose a new password.
password-wrong = Wrong user name or password.
log-in-too-often = Too many attempts. Try again in { $duration }.
log-in-unavailable = Login is temporarily unavailable. Try again in a few seconds.
side-label = Next to the map
alerts-waiting =
    { $count ->
        [one] Alerts, { $count } open alert not acknowledged
       *[other] Alerts, { $count } open alerts not acknowledged
    }
all = All
summary-label = Show drivers that are
filter-group = Show drivers of the group
filter-state = Show drivers of the state
filter-said = Drivers, map and alerts are filtered.
filter-any-state = Any state
