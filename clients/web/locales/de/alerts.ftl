## Rules

rule-kind-fence-entered = in eine Zone einfährt
rule-kind-fence-exited = eine Zone verlässt
rule-kind-fence-crossed = eine Zone durchquert
rule-kind-fence-dwelled = in einer Zone bleibt
rule-kind-fence-inside = bei Beginn des Zeitplans in einer Zone ist
rule-kind-fence-outside = bei Beginn des Zeitplans außerhalb einer Zone ist
rule-kind-overspeed = zu schnell fährt
rule-kind-stopped = zu lange steht
rule-kind-offline = nichts sendet
rule-kind-battery = einen schwachen Akku hat
rule-kind-alarm = einen Alarm sendet
rule-kind-trip-started = eine Fahrt beginnt
rule-kind-trip-ended = eine Fahrt beendet
rule-kind-maintenance = zur Wartung muss
severity-info = Info
severity-warning = Warnung
severity-critical = Kritisch
alert-open = Offen
alert-resolved = Vorbei
alert-corrected = Nicht geschehen
alert-acknowledged = bestätigt
alert-held-late = nicht gesendet: kam zu spät
alert-held-cooldown = nicht gesendet: in der Pause der Regel
alert-held-digest = wartet auf eine Sammelnachricht
alert-held-other = nicht gesendet: { $reason }
rule-dwell = Minuten in der Zone
rule-dwell-hint = Leer lassen für die Verweildauer der Zone.
rule-speed-limit = Tempolimit in { $unit }
rule-seconds-above = Sekunden darüber
rule-standing = Minuten Stillstand
rule-silent = Minuten ohne Position
rule-battery-below = Ladung in %, bei der es beginnt
rule-battery-above = Ladung in %, bei der es vorbei ist
rule-distance-between =
    { $unit ->
        [mi] Meilen zwischen zwei Wartungen
       *[km] Kilometer zwischen zwei Wartungen
    }
rule-distance-hint = Leer lassen, um nur Tage zu zählen.
rule-distance-before =
    { $unit ->
        [mi] Zuvor gefahrene Meilen
       *[km] Zuvor gefahrene Kilometer
    }
rule-days-between = Tage zwischen zwei Wartungen
rule-days-hint =
    { $unit ->
        [mi] Mit Meilen: was zuerst erreicht wird.
       *[km] Mit Kilometern: was zuerst erreicht wird.
    }
rule-number = { $label }: { $value }
rule-cooldown = Pause in Minuten nach einer Meldung über denselben Fahrer
rule-digest = Minuten, in denen Meldungen gesammelt gesendet werden
rule-max-age = Minuten, nach denen eine Meldung nur aufgelistet wird
rule-name-hint = Der Titel ihrer Meldungen.
rule-kind = Meldung, wenn ein Fahrer
rule-fences = Zonen
rule-fences-hint = Keine gewählt: alle Zonen.
rule-fences-empty = Es gibt noch keine Zonen. Zeichnen Sie eine auf der Karte, im Reiter „Zonen“.
rule-alarms = Alarme
rule-alarms-hint = Zum Beispiel sos, durch Kommas getrennt. Leer: alle.
rule-channels-empty = Es gibt keine Kanäle: Meldungen werden nur aufgelistet.
rule-tell-resolved = Auch melden, wenn es vorbei ist
rule-more = Wiederholung und Alter
rule-conflict = Ein anderer Benutzer hat diese Regel geändert. Ihre Eingabe bleibt erhalten; speichern Sie erneut, um nur diese Felder zu ändern.
rule-new = Neue Regel
rules = Regeln
rules-empty = Noch keine Regeln. Eine Regel erzeugt eine Meldung, zum Beispiel wenn ein Fahrer in eine Zone einfährt.
rule-column = Regel
rule-on = Ein
rule-off = Aus
switch-off-name = { $name } ausschalten
switch-on-name = { $name } einschalten
is-on = { $name } ist eingeschaltet.
is-off = { $name } ist ausgeschaltet.
rule-delete-about = Ihre Meldungen bleiben in der Liste.
rule-some-fences =
    { $count ->
        [one] { $count } der Zonen
       *[other] { $count } der Zonen
    }
rule-some-drivers =
    { $count ->
        [one] { $count } der Fahrer
       *[other] { $count } der Fahrer
    }
rule-certain-times = zu bestimmten Zeiten
monday = Montag
tuesday = Dienstag
wednesday = Mittwoch
thursday = Donnerstag
friday = Freitag
saturday = Samstag
sunday = Sonntag
schedule-complex = Diese Regel hat mehrere Zeiträume am Tag oder Tage, an denen sie ruht. Sie bleiben erhalten; ändern Sie sie über die API.
schedule-limited = Nur zu bestimmten Zeiten
schedule-days = Tage
from = Von
to = Bis
schedule-end-hint = Nicht nach „Von“: am folgenden Tag.

## The list of alerts

feed-all = Alle Meldungen
feed-unacknowledged = Nicht bestätigt
feed-search = Meldungen suchen
feed-state = Meldungen mit diesem Status anzeigen
feed-severity = Meldungen mit diesem Schweregrad anzeigen
feed-any-severity = Jeder Schweregrad
feed-signals = Signale für neue Meldungen
feed-sound = Ton
feed-notifications = Benachrichtigungen
feed-push-title = Wird an diesen Browser gesendet, auch wenn die Seite geschlossen ist
feed-push = Push: { $channel }
alerts = Meldungen
feed-count =
    { $count ->
        [one] { $count } Meldung.
       *[other] { $count } Meldungen.
    }
feed-loading = Meldungen werden geladen …
feed-none-match = Keine passenden Meldungen. Leeren Sie die Suche oder wählen Sie „Alle Meldungen“.
feed-none = Noch keine Meldungen.
feed-none-about = Eine Regel erzeugt eine Meldung, zum Beispiel wenn ein Fahrer in eine Zone einfährt. Regeln werden auf der Seite „Verwalten“ eingerichtet.
feed-show-driver = Fahrer { $name } anzeigen
feed-show-moment = Ort und Zeitpunkt anzeigen: { $text }
feed-moment = Zeitpunkt
feed-show-fence = Zone anzeigen zu: { $text }
feed-fence = Zone
feed-acknowledge = Bestätigen
feed-acknowledge-alert = Bestätigen: { $text }
feed-acknowledged = Bestätigt.
feed-done = Erledigt
feed-done-alert = Erledigt: { $text }
feed-done-title = Die Wartung ist erledigt: ab jetzt zählen
feed-done-said = Die Wartung wird ab jetzt gezählt.
push-ended = Dieser Browser erhält keine Nachrichten mehr.
push-denied = Der Browser erlaubt dieser Seite keine Benachrichtigungen. Erlauben Sie sie in seinen Einstellungen.
push-failed = Der Browser kann nicht abonnieren: { $reason }
push-begun = Meldungen dieses Kanals erreichen diesen Browser, auch wenn die Seite geschlossen ist.
signals-https = Dieser Browser zeigt nur Benachrichtigungen von Seiten, die über HTTPS kamen.

## Channels

channel-webhook-about = Ein eigenes Programm erhält jede Nachricht als JSON, signiert. Zum Ausprobieren: hub listen
channel-webhook-url-hint = HTTPS, oder eine Adresse, die die Einstellung HUB_HOOKS_ALLOW erlaubt.
channel-traccar-about = Ein Programm, das liest, was Traccar weiterleitet. Positionen werden weitergeleitet, wenn sie unten gewählt sind.
channel-traccar-token = Bearer-Token
channel-mqtt-about = Ein Topic eines Brokers für jeden Fahrer. Positionen werden veröffentlicht, wenn sie unten gewählt sind.
channel-user = Benutzer
channel-password = Passwort
channel-nats-about = Ein Subject für jeden Fahrer. Positionen werden veröffentlicht, wenn sie unten gewählt sind.
channel-token = Token
channel-email = E-Mail
channel-email-about = Jede Adresse erhält eine eigene Nachricht. Der Hub braucht HUB_SMTP_URL.
channel-email-to = Adressen
channel-email-to-hint = Durch Kommas getrennt.
channel-apprise-about = Viele weitere Dienste, über eine URL im Format von Apprise. Der Hub braucht HUB_APPRISE.
channel-webpush = Browser-Benachrichtigungen
channel-webpush-about = Browser abonnieren selbst und erhalten Nachrichten auch, wenn diese Seite geschlossen ist.
channel-incoming-webhook = URL des eingehenden Webhooks
channel-webhook-url = URL des Webhooks
channel-workflow-url = URL des Workflows
channel-chat = Chat
channel-chat-hint = Seine Nummer, oder der Name eines öffentlichen Kanals mit @.
channel-bot-token = Token des Bots
channel-topic-url = URL des Themas
channel-access-token = Zugriffstoken
channel-access-token-hint = Für ein öffentliches Thema leer lassen.
channel-event-position = Jede Position
channel-event-fence = Jedes Ereignis von Zonen
channel-event-trip = Jedes Ereignis von Fahrten
channel-event-channel = Wenn ein anderer Kanal deaktiviert wird
channel-active = Aktiv
channel-paused = Angehalten
channel-failing = Gestört
channel-secret-kept = Leer lassen, um das jetzige zu behalten.
channel-events = Ohne Regel senden
channel-events-hint = Regeln wählen ihre Kanäle selbst.
channel-conflict = Ein anderer Benutzer hat diesen Kanal geändert. Ihre Eingabe bleibt erhalten; speichern Sie erneut, um nur diese Felder zu ändern.
channel-new = Neuer Kanal
channels-empty = Noch keine Kanäle. Meldungen stehen auf der Kartenseite und werden über die Kanäle ihrer Regel gesendet.
channel-receiver = Empfänger
channel-test = Testen
channel-test-name = { $name } testen
channel-log = Protokoll
channel-log-name = Protokoll von { $name }
channel-pause = Anhalten
channel-resume = Fortsetzen
channel-pause-name = { $name } anhalten
channel-resume-name = { $name } fortsetzen
channel-new-secret = Neues Geheimnis
channel-new-secret-name = Neues Geheimnis von { $name }
channel-is = { $name }: { $state }.
channel-secret-about = Nachrichten werden mit dem neuen Geheimnis signiert, einen Tag lang zusätzlich mit dem jetzigen.
channel-secret-title = Neues Geheimnis für { $name }?
channel-secret-create = Geheimnis erzeugen
channel-secret-of = Geheimnis von { $name }
channel-secret-once = Wird nur einmal gezeigt. Der Empfänger prüft damit die Signaturen der Nachrichten.
channel-secret = Geheimnis
channel-secret-try = Um Nachrichten in einem Terminal dieses Rechners ankommen zu sehen:
channel-command = Befehl
channel-delete-about = Wartende Nachrichten werden nicht gesendet, und sein Protokoll wird gelöscht.
delivery-pending = Wartet
delivery-sent = Zugestellt
delivery-dead = Aufgegeben
delivery-skipped = Nicht gesendet
delivery-none = Es wurde noch nichts gesendet.
delivery-test-failed = Der Test ist fehlgeschlagen: { $outcome }
delivery-test-arrived = Der Test ist angekommen: { $outcome }
delivery-no-browser = Kein Browser hat diesen Kanal abonniert.
delivery-sending = Test wird gesendet …
delivery-channel-off = Der Kanal ist angehalten oder deaktiviert. Setzen Sie ihn zuerst fort.
delivery-send-test = Test senden
delivery-answered = der Empfänger antwortete mit { $status }
delivery-confirmation = bestätigt
delivery-confirmed = { $answer }.
delivery-confirmed-after = { $answer }, nach { $time }.
delivery-no-answer = keine Antwort
delivery-soon = Die Nachricht wird bald gesendet.
delivery-next = { $reason }. Nächster Versuch um { $time }.
delivery-was-off = Der Kanal war angehalten oder deaktiviert.
delivery-tried =
    { $count ->
        [one] { $reason }. Es gab { $count } Versuch.
       *[other] { $reason }. Es gab { $count } Versuche.
    }
delivery-content = Inhalt
