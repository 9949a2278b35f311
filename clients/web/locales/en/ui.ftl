## Words of several parts of the page

save = Save
create = Create
cancel = Cancel
close = Close
edit = Edit
delete = Delete
retry = Retry
show-more = Show more
loading = Loading …
never = Never
disabled = Disabled
enable = Enable
disable = Disable
switch-off = Switch off
switch-on = Switch on
column-name = Name
column-kind = Kind
column-state = State
column-driver = Driver
column-channel = Channel
channels = Channels
groups = Groups
drivers = Drivers
time-zone = Time zone
severity = Severity
valid-for = Valid for
role = Role
saved = { $name } saved.
created = { $name } created.
deleted = { $name } deleted.
edit-name = Edit { $name }
delete-name = Delete { $name }
delete-title = Delete { $name }?
ids-hint = Ids of drivers, separated by commas; type an id or a name to choose one. Empty: all drivers.
send-to = Send to

## Numbers, times and states

duration-seconds = { $value } s
duration-minutes = { $value } min
duration-hours = { $value } h
duration-hours-minutes = { $hours } h { $minutes } min
duration-days =
    { $value ->
        [one] { $value } day
       *[other] { $value } days
    }
duration-milliseconds = { $value } ms
duration-ago = { $duration } ago
age-now = just now
age-seconds = { $value } s ago
age-minutes = { $value } min ago
age-hours = { $value } h ago
age-days =
    { $value ->
        [one] { $value } day ago
       *[other] { $value } days ago
    }
wind-north = north
wind-north-east = north-east
wind-east = east
wind-south-east = south-east
wind-south = south
wind-south-west = south-west
wind-west = west
wind-north-west = north-west
heading = { $wind }, { $degrees }°
state-free = Free
state-busy = Busy
state-off-duty = Off duty
within-distance = within { $distance }
share-percent = { $value } %
status-online = Online
status-stale = Stale
status-offline = Offline
status-stale-for = Stale: not heard for { $duration }
status-offline-for = Offline: not heard for { $duration }
status-online-old = Online, no position for { $duration }
status-last-known = Last known: { $status }
heard-within = within the last { $duration }
clock-ahead = Clock { $span } ahead
clock-behind = Clock { $span } behind
problem-no-history = No positions stored for this driver.
problem-history-unavailable = History is temporarily unavailable. Live tracking continues.
count-drivers =
    { $count ->
        [one] { $count } driver
       *[other] { $count } drivers
    }
count-groups =
    { $count ->
        [one] { $count } group
       *[other] { $count } groups
    }
count-positions =
    { $count ->
        [one] { $count } position
       *[other] { $count } positions
    }

## Forms

editor-empty = empty
editor-conflict =
    { $others ->
        [driver] The driver or another user changed the { $field } to { $theirs }; you entered { $mine }.
       *[user] Another user changed the { $field } to { $theirs }; you entered { $mine }.
    }
editor-taken =
    { $others ->
        [driver] The driver or another user changed the { $field } to { $theirs }.
       *[user] Another user changed the { $field } to { $theirs }.
    }
editor-versions = Two versions of the { $field }
editor-use-theirs = Use their version
editor-keep-mine = Keep my version
editor-choose =
    { $others ->
        [driver] The driver or another user changed this state. Choose which version to keep.
       *[user]
            { $what ->
                [driver] Another user changed this driver. Choose which version to keep.
                [vehicle] Another user changed this vehicle. Choose which version to keep.
                [notes] Another user changed these notes. Choose which version to keep.
               *[user] Another user changed this user. Choose which version to keep.
            }
    }
editor-choose-first = Choose which version to keep first.
editor-saved =
    { $what ->
        [driver] The driver was saved.
        [vehicle] The vehicle was saved.
        [state] The state was saved.
        [notes] The notes were saved.
       *[user] The user was saved.
    }
editor-deleted =
    { $what ->
        [driver] Another user deleted this driver. Your input is kept until you cancel.
        [vehicle] Another user deleted this vehicle. Your input is kept until you cancel.
        [state] The driver or another user deleted this state. Your input is kept until you cancel.
        [notes] Another user deleted these notes. Your input is kept until you cancel.
       *[user] Another user deleted this user. Your input is kept until you cancel.
    }
copy = Copy
copied = Copied
copied-name = { $label } copied.
copy-by-hand = Copying is not available over HTTP. The text is selected: copy it with the keyboard.
search = Search
search-list = Search { $list }
no-match = No match for “{ $text }”.
actions = Actions
chart-bars =
    { $per ->
        [driver] { $name } per driver, at most { $most } by { $label }
       *[day] { $name } per day, at most { $most } on { $label }
    }
chart-bars-none =
    { $per ->
        [driver] { $name } per driver: none
       *[day] { $name } per day: none
    }
chart-speed = Speed over the time shown, at most { $speed }
chart-speed-calculated = calculated from the positions
chart-speed-gaps =
    { $count ->
        [one] with { $count } stretch without positions
       *[other] with { $count } stretches without positions
    }

## Problems

problem-no-answer = The hub does not respond. Check the network, then try again.
problem-session = Your session has ended. Log in again; your input is kept.
problem-role = Your role does not permit this. Ask an admin.
problem-deleted = Deleted by another user.
problem-too-many = Too many requests. Wait a moment, then try again.
problem-unavailable = The hub is temporarily unavailable. Try again in a few seconds.
problem-pattern-id = Use 1 to 64 letters A to Z, digits and . _ : - without spaces.
problem-pattern-line = Use one line of ordinary characters.
problem-too-long =
    { $limit ->
        [one] Use at most { $limit } character.
       *[other] Use at most { $limit } characters.
    }
problem-too-short =
    { $limit ->
        [one] Use at least { $limit } character.
       *[other] Use at least { $limit } characters.
    }
problem-failed = The request failed.
number-range = Enter a number from { $min } to { $max }.
whole-number-range = Enter a whole number from { $min } to { $max }.
problem-required = Required.
problem-too-small = Enter at least { $limit }.
problem-too-large = Enter at most { $limit }.
problem-not-allowed = Use one of: { $allowed }.
