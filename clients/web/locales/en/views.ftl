## The list of drivers

order-status = Status
order-speed = Speed
order-age = Last position
list-search = Search drivers
list-sort = Sort drivers by
list-none-match = No matching drivers. Clear the search, or choose All, All groups and Any state.
list-none = No driver has reported yet.
list-none-about = Drivers appear here with their first position.
list-simulate = To see 500 simulated trucks, run:
list-connect = { $link }, or send positions from your own app.
list-connect-link = Create a driver and connect a phone
standing = standing

## The panel of a driver

panel-heading = Heading
panel-accuracy = Accuracy
panel-battery = Battery
panel-altitude = Altitude
panel-driver-id = Driver id
follow = Follow
panel-latest = Latest position
panel-heard = Last heard
panel-coordinates = Coordinates
panel-no-position = No live position. History may be available below.
panel-clock = { $warning }: the device sends wrong times. Ages are corrected; the history keeps the times of the device.
coordinates-copied = Coordinates copied.
coordinates-selected = Coordinates selected. Copy them with the keyboard.
selected = Selected

## A day

day-next = Next day
day-previous = Previous day
today = Today
day-label = Trips and stops of a day
day-field = Day, in the time of { $zone }
day-zone = Days and times of { $zone }.
playback = Playback
files-label = Files of this day
files = Download the track
day-loading = Loading the trips …
load-track = Load track
day-no-trips = No trips on { $day }. A trip needs 500 m or five minutes of movement, unless the hub is configured otherwise.
day-trips =
    { $count ->
        [one] trip
       *[other] trips
    }
day-distance = distance
day-moving = moving
day-top-speed = top speed
day-totals = Totals of the day
day-stop = Stop, { $duration }
day-away = No trip for { $duration }; the next one began { $distance } away
day-trip-carried = Trip from the day before
day-trip = Trip { $number }
day-trip-under-way = { $name }, in progress
day-trip-figures = { $distance } · { $duration } · top { $speed }
day-no-more-yet = No further trips so far.
day-no-more = No further trips on this day.
day-trip-shown = The map shows the trip from { $time }.
track-loading = Loading the track …
track-loading-count = Loading the track … { $positions }
track-loaded = Track loaded: { $positions }.
track-none = No positions on { $day }.
file-loading = Loading the { $format } file …
file-saved = { $format } file saved.

## The player

player-speed = Playback speed
player-time = Playback time
player-scale = speed up to { $speed }
player-scale-calculated = speed, calculated from the positions, up to { $speed }
player-pause = Pause
player-finished = Playback finished.
player-again = Play again
player-play = Play
player-silent = no positions for { $duration }
player-trip = trip { $number }
player-stop = stop, { $duration }
player-bound = This day has more than { $count }. Positions after { $time } are not shown here; the files contain all of them.
player-gaps = Gaps of more than { $duration } are dashed, and the marker waits.
player-rate = { $rate }×

## Analytics

figure-distance = Distance
figure-trips = Trips
figure-moving-time = Moving time
figure-active-drivers = Active drivers
figure-average-speed = Average speed
figure-top-speed = Top speed
figures-loading = Loading the figures …
figures-loading-count =
    { $count ->
        [one] Loading the figures … { $count } row
       *[other] Loading the figures … { $count } rows
    }
figures-loaded = Figures for { $drivers } loaded.
figures-days = Days to show
figures-to = to
figures-zone = Days are those of the time zone { $zone }. A trip counts for the day on which it began.
figures-drivers-caption = Figures of each driver; the column headings sort
figures-all-drivers =
    { $count ->
        [one] All { $count } driver
       *[other] All { $count } drivers
    }
figures-each-driver = Figures of each driver
figures-drivers-shown = { $shown } of { $count } drivers are shown.
figures-at-most = at most { $value }
figures-bound = Too many days and drivers for one page: the tables and the file hold the first { $count } rows. Choose fewer days to see all of them.
figures-none-day = No trips on { $day }.
figures-none-days = No trips from { $from } to { $to }.
figures-none-about = Figures are calculated from trips, and a trip needs 500 m or five minutes of movement (unless the hub is configured otherwise). A driver that stands still has none. Positions that arrive late count for the day on which they were recorded.
figures-none-advice = Choose other days, or check the map.
figures-fleet-caption = Figures of the fleet, per day
figures-fleet = The fleet, day by day
figures-need-days = Choose a first and a last day.
figures-too-many-days = At most { $count } days can be shown at once.
