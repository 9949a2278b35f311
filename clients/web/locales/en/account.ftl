## The user's own account, and logins with a provider

account = Account
account-open-hub = This hub is open: it has no accounts.
account-connected-now = Your account is connected to { $provider }.
account-user = User: { $name }
password-change = Change password
password-about = A new password ends your other sessions.
password-current = Current password
password-changed = The password was changed, and your other sessions have ended.
factor-on = On. Recovery codes left: { $count }.
factor-off = Off. With it, a login with the password also needs a code of an authenticator app.
factor-of-provider = Logins with { $provider } have the second factor of the provider.
factor-switch-off = Switch the second factor off
factor-set-up-verb = Set up
factor-set-up = Set up the second factor
factor = Second factor
factor-required = This hub requires it.
account-connected = Connected: you can log in with { $provider }.
account-not-connected = Not connected. Connect it to log in with { $provider }.
account-connect-verb = Connect
account-connect = Connect the account to { $provider }
password-enter-again = Enter your password again.
continue = Continue
factor-is-on = The second factor is on.
factor-is-off = The second factor is off.
connect-to = Connect to { $provider }
code-wrong = Wrong code, or a code that was used before.
password-is-wrong = Wrong password.
code-enter = Enter the code of your authenticator app.
factor-hub-requires = This hub requires a second factor.
log-in-with = Log in with { $provider }
log-in-once = Log in with a one-time password
code = Code
code-hint = The six digits that your authenticator app shows, or a recovery code.
factor-scan = Scan this code with an authenticator app, or type the key into it. Then enter the code that the app shows.
factor-qr = QR code of the key
factor-key = Key for the app
recovery-codes = Recovery codes
recovery-codes-about = Shown only once. Each code replaces a code of the app once, for the day on which the phone is lost. Keep them apart from the phone.
login-expired = The login took too long, or was begun in another window. Try again.
login-cancelled = The login with { $provider } was cancelled.
login-refused = The answer of { $provider } was refused. Try again; if it happens again, tell your admin: the log of the hub has the reason.
login-provider-silent = { $provider } does not respond. Try again later, or log in with a password.
login-limit = Too many attempts. Try again in a few minutes.
login-unknown = Your account at { $provider } is not connected to a user. Log in with a password and connect it under Account, or ask an admin.
login-not-admitted = Your account at { $provider } has no role for this hub. Ask an admin.
login-name-taken = A user with your name exists. If it is yours, log in with the password and connect the account under Account.
login-disabled = Your user is disabled. Ask an admin.
login-last-admin = { $provider } would take the role from the last admin. Make another user an admin first.
login-other-user = This account at { $provider } is connected to another user.
login-session-ended = Your session ended while the account was being connected. Log in and try again.
user-login = Login
user-provider = Provider
user-remove-factor = Remove second factor
user-remove-factor-of = Remove the second factor of { $name }
user-remove-factor-title = Remove the second factor of { $name }?
user-remove-factor-about = The password alone is enough then.
user-factor-removed = Second factor of { $name } removed.
user-disconnect = Disconnect
user-disconnect-name = Disconnect { $name } from the provider
user-disconnect-title = Disconnect { $name } from the provider?
user-disconnected = { $name } disconnected.
kiosk-reconnecting = Reconnecting
kiosk-stale-since = Stale · as of { $duration } ago
offline-positions = Offline. Positions of { $time }.
offline-delete = Delete these positions
update-reload = Reload for the new version
update-ready = A new version of this page is ready.
sheet-low = The map has the whole window.
sheet-half = Map and list.
sheet-full = The list has the window.
sheet-show = Show the list
sheet-enlarge = Enlarge the list
sheet-hide = Hide the list
open-in-app = App of this device
open-in = Open in …
playback-at = Playback is at { $time }.
day-from-to = { $from } → { $to }
notes-edit = Edit notes
photo = Photo
photo-change = Change the photo
details-label = Driver and vehicle
details-unread = Notes and photo could not be read. { $reason }
notes-add = Add notes
photo-of = Photo of { $name }
notes = Notes
notes-about = Notes about { $name }
photo-file = Picture
photo-file-hint = It is reduced to 512 pixels. The place and the device that took it are not sent.
photo-choose = Choose a picture.
photo-unreadable = This browser cannot read the file as a picture.
photo-saved = The photo was saved.
photo-deleted = The photo was deleted.
photo-delete = Delete the photo
list-search-labels = Search drivers by name, id, phone or vehicle
list-search-title = Name, id, phone number, or plate, name and type of the vehicle
panel-place = Place

## Share links to several drivers

share-several = Share a group or several drivers
share-chosen-drivers = Chosen drivers
share-group-hint = The link shows the drivers of the group at each moment.
share-ids-hint = Driver ids, separated by commas.
share-show-names = Show the names of the drivers
share-need-driver = Enter at least one driver id.
share-several-hint = The heading of the page.
share-none-of =
    { $of ->
        [several] No share links for groups and several drivers.
       *[driver] No share links for this driver.
    }
share-once-of =
    { $of ->
        [several] Shown only once. Anyone with this link sees the live positions of these drivers until { $time }.
       *[driver] Shown only once. Anyone with this link sees the live position of the driver until { $time }.
    }
share-links-of =
    { $of ->
        [several] Share links for groups and several drivers
       *[driver] Share links for this driver
    }
share-none-at-all = No share links. Open a driver, or choose Share group above the list of drivers, to create one.
share-group-button = Share group
share-group = group { $group }
shared-locations = Shared locations
shared-locations-over = This share link has expired or was ended.
shared-locations-lost = Connection lost. Showing the last known positions. Reconnecting …
shared-locations-none = No positions yet. They appear here when they are received.
shared-locations-ended = Shared locations ended
shared-lost-newest = Connection lost · newest position { $age }
shared-some = { $shown } of { $drivers }
shared-online = { $count } online
shared-newest = newest position { $age }
shared-map-title = Map of the shared locations
shared-no-map = The map cannot be shown.
share-several-needs-javascript = This page needs JavaScript to show the shared locations.

## The search on the map, places, and its tools

finder-coordinates = Coordinates
finder-address = Address
finder = Search the map
finder-search = Search places
finder-label = Search places, coordinates, drivers and fences
finder-results = Results
finder-addresses = Search addresses for “{ $text }”
finder-searching = Searching addresses …
finder-count =
    { $count ->
        [one] { $count } result. Choose with the arrow keys.
       *[other] { $count } results. Choose with the arrow keys.
    }
finder-nothing = Nothing found for “{ $text }”.
finder-shown = The map shows { $name }.
finder-found = Found: { $name }
place-in-country = { $name }, { $country }
place-near = { $distance } { $wind } of { $name }
map-places-by = Place names: { $source }
own-position-denied = This page may not read your position. Allow it in the browser; it also needs HTTPS.
own-position-unknown = Your position is not known to this device.
own-position-late = Your position was not found in time. Try again.
ruler = Measure a distance
ruler-remove-last = Remove last
ruler-done = Done
ruler-drawing = Finish drawing before you measure.
ruler-ended = Measuring ended.
ruler-first = Click the first point, or press Enter for the middle of the map.
ruler-next = Click the next point.
ruler-over = over { $count } points
own-position = Find my location
own-position-unavailable = Location not available
map-attribution = Toggle attribution
vehicle-truck = Truck
vehicle-van = Van
vehicle-bus = Bus
vehicle-car = Car
vehicle-motorcycle = Motorcycle
vehicle-bicycle = Bicycle
vehicle-foot = On foot
