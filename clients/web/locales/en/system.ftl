system = System
system-dead-letters = Dead letters
system-dead-letters-about = Content of the log that the recorder could not store.
system-dead-letters-none = No dead letters.
system-time = Time
system-reason = Reason
system-size = Size
count-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
system-log-entry = Entry of the log
system-letter-sent = Appended to the log. If it still cannot be stored, it becomes a new dead letter.
system-quarantine = Quarantine
system-quarantine-about = Requests of phones with points that could not be read.
system-quarantine-none = No quarantined requests.
system-format = Format
system-points = Points
system-path = Path
system-query = Query
system-published =
    { $count ->
        [one] { $count } point published.
       *[other] { $count } points published.
    }
system-published-some =
    { $count ->
        [one] { $count } point published, { $refused } still refused: { $reason }.
       *[other] { $count } points published, { $refused } still refused: { $reason }.
    }
system-show = Show
system-show-name = Show: { $name }
system-send-again = Send again
system-send-again-name = Send again: { $name }
system-reload = Reload
system-reload-list = Reload { $list }
system-live = Live positions
system-redis = Log (Redis)
system-postgresql = History (PostgreSQL)
system-clock = Clock
system-ok = OK
system-degraded = Degraded
system-unavailable = Unavailable
system-standby = Standby
system-recording = Recording
system-retrying = Retrying
system-starting = Starting
system-the-drivers = the drivers
system-hub = Hub
system-started = Started
system-connections = Open connections
system-clock-ahead = Clock ahead of { $source }
system-log = Log
system-entries = Entries
system-memory = Memory
system-unlogged = Positions that wait for the log
system-no-redis = Redis does not answer.
system-recorder = Recorder
system-backlog = Entries that wait
system-lag = Age of the oldest
system-last-commit = Last commit
system-rows = Positions stored since its start
system-duplicates = Positions that were stored already
system-retries = Retries
system-lost = Acknowledged positions lost
system-last-error = Last error
system-no-recorder = No recorder has reported for 15 seconds.
system-not-stored = Not stored
system-payloads = Quarantined requests
system-points-in-them = Points in them
system-no-postgresql = PostgreSQL does not answer.
system-parts = Parts of the hub
system-version = Version { $version }.
system-all-work = All parts work.
system-nodes = Nodes
system-nodes-about = Processes that serve clients, of all hubs on one Redis.
system-node = Node
system-node-version = Version
system-serving = Serving
system-draining = Draining
system-behind = Behind by
system-up-to-date = up to date
system-wait = Wait
system-oldest = Oldest since
system-given-up = Given up
system-replay = What was given up is sent again from the channel's log, or with { $command } of the API.
kibibytes = { $value } KiB
mebibytes = { $value } MiB
