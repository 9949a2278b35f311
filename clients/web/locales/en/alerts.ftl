## Rules

rule-kind-fence-entered = Enters a fence
rule-kind-fence-exited = Leaves a fence
rule-kind-fence-crossed = Passes through a fence
rule-kind-fence-dwelled = Stays in a fence
rule-kind-fence-inside = Is inside a fence when the schedule begins
rule-kind-fence-outside = Is outside a fence when the schedule begins
rule-kind-overspeed = Drives too fast
rule-kind-stopped = Stands too long
rule-kind-offline = Sends nothing
rule-kind-battery = Battery is low
rule-kind-alarm = Sends an alarm
rule-kind-trip-started = Starts a trip
rule-kind-trip-ended = Ends a trip
rule-kind-maintenance = Is due for maintenance
severity-info = Info
severity-warning = Warning
severity-critical = Critical
alert-open = Open
alert-resolved = Over
alert-corrected = Did not happen
alert-acknowledged = acknowledged
alert-held-late = not sent: it arrived too late
alert-held-cooldown = not sent: within the pause of its rule
alert-held-digest = waits for a digest
alert-held-other = not sent: { $reason }
rule-dwell = Minutes in the fence
rule-dwell-hint = Leave empty for the dwell time of the fence.
rule-speed-limit = Speed limit in { $unit }
rule-seconds-above = Seconds above it
rule-standing = Minutes standing
rule-silent = Minutes without a position
rule-battery-below = Charge in % at which it begins
rule-battery-above = Charge in % at which it is over
rule-distance-between =
    { $unit ->
        [mi] Miles between two
       *[km] Kilometres between two
    }
rule-distance-hint = Leave empty to count days only.
rule-distance-before =
    { $unit ->
        [mi] Miles driven before
       *[km] Kilometres driven before
    }
rule-days-between = Days between two
rule-days-hint =
    { $unit ->
        [mi] With miles: whichever comes first.
       *[km] With kilometres: whichever comes first.
    }
rule-number = { $label }: { $value }
rule-cooldown = Pause in minutes after an alert about the same driver
rule-digest = Minutes in which alerts are sent together
rule-max-age = Minutes after which an alert is only listed
rule-name-hint = The title of its alerts.
rule-kind = An alert when a driver
rule-fences = Fences
rule-fences-hint = None chosen: all fences.
rule-fences-empty = There are no fences yet. Draw one on the map, in the tab Fences.
rule-alarms = Alarms
rule-alarms-hint = Such as sos, separated by commas. Empty: all.
rule-channels-empty = There are no channels: alerts are only listed.
rule-tell-resolved = Also tell when it is over
rule-more = Repetition and age
rule-conflict = Another user changed this rule. Your input is kept; save again to change these fields only.
rule-new = New rule
rules = Rules
rules-empty = No rules yet. A rule makes an alert, for example when a driver enters a fence.
rule-column = Rule
rule-on = On
rule-off = Off
switch-off-name = Switch off { $name }
switch-on-name = Switch on { $name }
is-on = { $name } is on.
is-off = { $name } is off.
rule-delete-about = Its alerts stay in the list.
rule-some-fences = { $count } of the fences
rule-some-drivers = { $count } of the drivers
rule-certain-times = at certain times
monday = Monday
tuesday = Tuesday
wednesday = Wednesday
thursday = Thursday
friday = Friday
saturday = Saturday
sunday = Sunday
schedule-complex = This rule has several intervals a day, or days on which it rests. They are kept; change them through the API.
schedule-limited = Only at certain times
schedule-days = Days
from = From
to = To
schedule-end-hint = Not after From: on the next day.

## The list of alerts

feed-all = All alerts
feed-unacknowledged = Not acknowledged
feed-search = Search alerts
feed-state = Show alerts that are
feed-severity = Show alerts of the severity
feed-any-severity = Any severity
feed-signals = Signals of new alerts
feed-sound = Sound
feed-notifications = Notifications
feed-push-title = Sent to this browser, also while the page is closed
feed-push = Push: { $channel }
alerts = Alerts
feed-count =
    { $count ->
        [one] { $count } alert.
       *[other] { $count } alerts.
    }
feed-loading = Loading the alerts …
feed-none-match = No matching alerts. Clear the search, or choose All alerts.
feed-none = No alerts yet.
feed-none-about = A rule makes an alert, for example when a driver enters a fence. Rules are set up on the page Manage.
feed-show-driver = Show the driver { $name }
feed-show-moment = Show the place and the moment: { $text }
feed-moment = Moment
feed-show-fence = Show the fence of: { $text }
feed-fence = Fence
feed-acknowledge = Acknowledge
feed-acknowledge-alert = Acknowledge: { $text }
feed-acknowledged = Acknowledged.
feed-done = Done
feed-done-alert = Done: { $text }
feed-done-title = The maintenance is done: count from now on
feed-done-said = Maintenance is counted from now on.
push-ended = This browser gets no more messages.
push-denied = The browser does not permit notifications of this page. Permit them in its settings.
push-failed = The browser cannot subscribe: { $reason }
push-begun = Alerts of this channel reach this browser, also while the page is closed.
signals-https = This browser shows notifications of pages that came over HTTPS only.

## Channels

channel-webhook-about = A program of yours gets each message as JSON, signed. To try it, run: hub listen
channel-webhook-url-hint = HTTPS, or an address that the setting HUB_HOOKS_ALLOW permits.
channel-traccar-about = A program that reads what Traccar forwards. Positions are forwarded if they are chosen below.
channel-traccar-token = Bearer token
channel-mqtt-about = A topic of a broker for each driver. Positions are published if they are chosen below.
channel-user = User
channel-password = Password
channel-nats-about = A subject for each driver. Positions are published if they are chosen below.
channel-token = Token
channel-email = E-mail
channel-email-about = Each address gets its own message. The hub needs HUB_SMTP_URL.
channel-email-to = Addresses
channel-email-to-hint = Separated by commas.
channel-apprise-about = Many other services, by a URL in the format of Apprise. The hub needs HUB_APPRISE.
channel-webpush = Browser notifications
channel-webpush-about = Browsers subscribe themselves, and get messages also while this page is closed.
channel-incoming-webhook = URL of the incoming webhook
channel-webhook-url = URL of the webhook
channel-workflow-url = URL of the workflow
channel-chat = Chat
channel-chat-hint = Its number, or the name of a public channel with @.
channel-bot-token = Token of the bot
channel-topic-url = URL of the topic
channel-access-token = Access token
channel-access-token-hint = Leave empty for a public topic.
channel-event-position = Every position
channel-event-fence = Every event of fences
channel-event-trip = Every event of trips
channel-event-channel = When another channel is disabled
channel-active = Active
channel-paused = Paused
channel-failing = Failing
channel-secret-kept = Leave empty to keep the present one.
channel-events = Send without a rule
channel-events-hint = Rules choose their channels themselves.
channel-conflict = Another user changed this channel. Your input is kept; save again to change these fields only.
channel-new = New channel
channels-empty = No channels yet. Alerts are listed on the map page, and sent through the channels of their rule.
channel-receiver = Receiver
channel-test = Test
channel-test-name = Test { $name }
channel-log = Log
channel-log-name = Log of { $name }
channel-pause = Pause
channel-resume = Resume
channel-pause-name = Pause { $name }
channel-resume-name = Resume { $name }
channel-new-secret = New secret
channel-new-secret-name = New secret of { $name }
channel-is = { $name }: { $state }.
channel-secret-about = Messages are signed with the new secret and, for a day, also with the present one.
channel-secret-title = New secret for { $name }?
channel-secret-create = Create secret
channel-secret-of = Secret of { $name }
channel-secret-once = Shown only once. The receiver verifies the signatures of messages with it.
channel-secret = Secret
channel-secret-try = To see messages arrive in a terminal of this machine:
channel-command = Command
channel-delete-about = Messages that wait are not sent, and its log is deleted.
delivery-pending = Waiting
delivery-sent = Delivered
delivery-dead = Given up
delivery-skipped = Not sent
delivery-none = Nothing was sent yet.
delivery-test-failed = The test failed: { $outcome }
delivery-test-arrived = The test arrived: { $outcome }
delivery-no-browser = No browser is subscribed to this channel.
delivery-sending = Sending the test …
delivery-channel-off = The channel is paused or disabled. Resume it first.
delivery-send-test = Send a test
delivery-answered = the receiver answered { $status }
delivery-confirmation = confirmed
delivery-confirmed = { $answer }.
delivery-confirmed-after = { $answer } after { $time }.
delivery-no-answer = no answer
delivery-soon = It is sent soon.
delivery-next = { $reason }. Next try at { $time }.
delivery-was-off = The channel was paused or disabled.
delivery-tried =
    { $count ->
        [one] { $reason }. It was tried { $count } time.
       *[other] { $reason }. It was tried { $count } times.
    }
delivery-content = Content
