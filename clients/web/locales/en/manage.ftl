manage = Manage
manage-title = Manage the fleet
vehicles = Vehicles
users = Users
share-links = Share links
api-keys = API keys
role-admin = Admin
role-dispatcher = Dispatcher
role-driver = Driver
role-gateway = Gateway
role-dispatcher-about = Dispatcher: watches the fleet and shares drivers
role-admin-about = Admin: manages the fleet too
role-key-dispatcher-about = Dispatcher: reads the fleet and shares drivers
role-gateway-about = Gateway: sends positions of all drivers

## Drivers and vehicles

groups-hint = Names separated by commas, such as vans, north. List and map can be filtered by them.
phone-number = Phone number
driver-stale-after = Stale after seconds
driver-stale-after-hint = Without a sign of life; 5 to 604800. Leave empty for the setting of the hub.
driver-offline-after = Offline after seconds
driver-offline-after-hint = More than the seconds after which it is stale. Leave empty for the setting of the hub.
driver-id-hint = Made from the name; you can change it now, but not later. Phones, programs and links name the driver by it, such as truck-17.
drivers-empty = No drivers yet. Create one, then connect a phone.
driver-active = Active
driver-phones = Phones
driver-phones-of = Phones of { $name }
driver-history = History
driver-history-of = History of { $name }
driver-share = Share
driver-share-name = Share { $name }
enable-name = Enable { $name }
disable-name = Disable { $name }
is-disabled = { $name } disabled.
is-enabled = { $name } enabled.
disable-title = Disable { $name }?
driver-disable-about = Positions from the driver's phones are rejected within seconds, until you enable the driver again.
driver-delete-about = Its phones are rejected and its share links end. Its history is kept.
driver-new = New driver
id = Id
vehicle-plate = Plate
vehicle-type = Type
vehicle-type-hint = Such as van.
vehicle-driver-hint = Leave empty for no driver.
vehicles-empty = No vehicles yet. Create one, then assign a driver.
vehicle = Vehicle
vehicle-no-driver = None
vehicle-delete-about = Its driver is kept, without a vehicle.
vehicle-id-hint = Your own vehicle number, such as van-7. It cannot be changed later.
vehicle-new = New vehicle
driver-state-of = State of { $name }
driver-state-none = Not set
driver-change-state = Change state
driver-connect = Connect a phone
retention-hint = Whole months in addition to the current one; 0 keeps all. Leave empty for the setting of the hub.
retention-hint-usual = Whole months in addition to the current one; 0 keeps all. Leave empty for the setting of the hub, { $months }.
retention-months = Months of history
retention-saved = The history setting was saved.
unregistered-about = They send positions under an id that no registered driver has. Register those that belong to the fleet.
unregistered = Not registered: { $count }
unregistered-more =
    { $count ->
        [one] { $count } more are not listed here.
       *[other] { $count } more are not listed here.
    }
register = Register
register-name = Register { $name }
registered = { $name } is registered.
import-title =
    { $what ->
        [vehicle] Import vehicles
       *[driver] Import drivers
    }
import-csv = Import CSV
export-csv = Export CSV
import-not-utf8 = The file is not UTF-8. Save it as “CSV UTF-8”, then choose it again.
import-unreadable = The file has changed or cannot be read. Choose it again.
import-nothing = Nothing would change.
import-problem = { $place }: { $problem }
import-correct = Nothing was stored. Correct the file, then choose it again.
import = Import
import-columns = The first line of the file names its columns: { $columns }. Only the first is needed.
import-about = Known ids are changed, others created. A field without a column stays; an empty cell empties its field.
import-file = CSV file
import-sums = New: { $created }, changed: { $changed }, unchanged: { $unchanged }
sentence = { $text }.

## Phones

phone-open = This hub is open: no phone token is needed, and any phone that reaches it can send positions. Enter this URL in the app:
phone-open-local = No phone can reach this URL: an open hub is reached from this computer only. For phones, start the hub with HUB_JWT_SECRET=auto and HUB_HOST=0.0.0.0.
phone-url = URL for the app
phone = Phone
phone-hint = A name for the list below, such as: Samsung, day shift.
phone-none = No phone tokens.
phone-unnamed = Unnamed phone
phone-since = { $name } · since { $time }
phone-revoke-about = The phone is rejected within seconds.
phone-qr = QR code of the URL
phone-once = Shown only once. Scan or copy it now. Anyone with this URL can send positions as this driver.
phone-create = Create phone token
phone-tokens = Phone tokens
phone-unreachable = The URL names this computer, so no phone can reach it. Open this page under an address that phones reach, or set HUB_PUBLIC_URL, and create the phone token again.
phone-private = Only phones in this network reach the URL: its address is a private one.
phone-traccar = { $app } enter the URL above as Server URL and start the service.
phone-owntracks = { $app } set Mode to HTTP and enter the URL above as URL, without encryption.
phone-both = Both:
phone-both-about = { $both } allow location access always, and exclude the app from battery saving.
revoke = Revoke
revoke-name = Revoke { $name }
revoke-title = Revoke { $name }?
is-revoked = { $name } is revoked.

## Share links

share-hour = 1 hour
share-hours-4 = 4 hours
share-hours-12 = 12 hours
share-day = 1 day
share-week = 1 week
share-custom = Custom end
share-name = Name shown to recipients
share-name-hint = Shown instead of the driver id.
share-until = Until
share-until-hint = In your time zone, at most one week from now.
share-need-time = Choose a date and a time.
share-link = Share link
share-create = Create share link
share-nearby = cars nearby
share-end-title = End the share link { $name }?
share-end-about = The link stops working at once.
share-end-link = End share link
share-ended = Share link ended.
share-line-driver = { $name } ({ $driver }) · until { $time }
share-line = { $name } · until { $time }
share-end = End
share-end-name = End the share link { $name }

## Users and API keys

users-empty = No users.
user = User
user-you = { $name } (you)
user-invited = Invitation pending
user-active = Active
user-role-of = Change the role of { $name }
user-reset = Reset password
user-reset-of = Reset the password of { $name }
user-reset-title = Reset the password of { $name }?
user-reset-about = The old password and all sessions of this user end at once.
user-disable-about = All sessions of this user end within seconds.
user-delete-about = All sessions of this user end.
user-name = User name
user-new = New user
user-password-of = Password of { $name }
user-password-once = Shown only once and valid for one login, at which the user chooses a new password. Give it to the user in person.
user-password = One-time password
key-until-revoked = Until it is revoked
key-days-30 = 30 days
key-days-90 = 90 days
key-year = 1 year
keys-empty = No API keys.
key = Key
key-prefix = Begins with
key-last-used = Last used
key-expires = Expires
key-expired = Expired
key-revoke-about = The program is rejected within seconds.
key-name-hint = The program that uses the key, such as: ERP, billing.
key-new = New API key
key-of = API key of { $name }
key-once = Shown only once. Copy it now and store it as a secret of the program.
api-key = API key
