### German. Users are addressed with „Sie“. One word for each thing:
### alert = Meldung; alarm (of a device) = Alarm; channel = Kanal; driver = Fahrer; fence = Zone; hub = Hub; log of a
### channel = Protokoll; phone token = Telefon-Token; position = Position; rule = Regel; share link = Freigabelink; stop =
### Halt; track = Track; trip = Fahrt; visit = Aufenthalt

## Words of several parts of the page

save = Speichern
create = Anlegen
cancel = Abbrechen
close = Schließen
edit = Bearbeiten
delete = Löschen
retry = Erneut versuchen
show-more = Mehr anzeigen
loading = Wird geladen …
never = Nie
disabled = Deaktiviert
enable = Aktivieren
disable = Deaktivieren
switch-off = Ausschalten
switch-on = Einschalten
column-name = Name
column-kind = Art
column-state = Status
column-driver = Fahrer
column-channel = Kanal
channels = Kanäle
groups = Gruppen
drivers = Fahrer
time-zone = Zeitzone
severity = Schweregrad
valid-for = Gültig für
role = Rolle
saved = { $name } wurde gespeichert.
created = { $name } wurde angelegt.
deleted = { $name } wurde gelöscht.
edit-name = { $name } bearbeiten
delete-name = { $name } löschen
delete-title = { $name } löschen?
ids-hint = IDs von Fahrern, durch Kommas getrennt; tippen Sie eine ID oder einen Namen, um eine zu wählen. Leer: alle Fahrer.
send-to = Senden an

## Numbers, times and states

duration-seconds = { $value } s
duration-minutes = { $value } min
duration-hours = { $value } h
duration-hours-minutes = { $hours } h { $minutes } min
duration-days =
    { $value ->
        [one] { $value } Tag
       *[other] { $value } Tage
    }
duration-milliseconds = { $value } ms
duration-ago = vor { $duration }
age-now = gerade eben
age-seconds = vor { $value } s
age-minutes = vor { $value } min
age-hours = vor { $value } h
age-days =
    { $value ->
        [one] vor { $value } Tag
       *[other] vor { $value } Tagen
    }
wind-north = Nord
wind-north-east = Nordost
wind-east = Ost
wind-south-east = Südost
wind-south = Süd
wind-south-west = Südwest
wind-west = West
wind-north-west = Nordwest
heading = { $wind }, { $degrees }°
state-free = Frei
state-busy = Besetzt
state-off-duty = Außer Dienst
within-distance = auf { $distance } genau
share-percent = { $value } %
status-online = Online
status-stale = Veraltet
status-offline = Offline
status-stale-for = Veraltet: seit { $duration } kein Signal
status-offline-for = Offline: seit { $duration } kein Signal
status-online-old = Online, seit { $duration } keine Position
status-last-known = Zuletzt bekannt: { $status }
heard-within = in den letzten { $duration }
clock-ahead = Uhr geht { $span } vor
clock-behind = Uhr geht { $span } nach
problem-no-history = Für diesen Fahrer sind keine Positionen gespeichert.
problem-history-unavailable = Der Verlauf ist vorübergehend nicht verfügbar. Die Live-Verfolgung läuft weiter.
count-drivers =
    { $count ->
        [one] { $count } Fahrer
       *[other] { $count } Fahrer
    }
count-groups =
    { $count ->
        [one] { $count } Gruppe
       *[other] { $count } Gruppen
    }
count-positions =
    { $count ->
        [one] { $count } Position
       *[other] { $count } Positionen
    }

## Forms

editor-empty = leer
editor-conflict =
    { $others ->
        [driver] Der Fahrer oder ein anderer Benutzer hat „{ $field }“ in { $theirs } geändert; Ihre Eingabe ist { $mine }.
       *[user] Ein anderer Benutzer hat „{ $field }“ in { $theirs } geändert; Ihre Eingabe ist { $mine }.
    }
editor-taken =
    { $others ->
        [driver] Der Fahrer oder ein anderer Benutzer hat „{ $field }“ in { $theirs } geändert.
       *[user] Ein anderer Benutzer hat „{ $field }“ in { $theirs } geändert.
    }
editor-versions = Zwei Fassungen von „{ $field }“
editor-use-theirs = Andere Fassung übernehmen
editor-keep-mine = Meine Fassung behalten
editor-choose =
    { $others ->
        [driver] Der Fahrer oder ein anderer Benutzer hat diesen Status geändert. Wählen Sie, welche Fassung bleibt.
       *[user]
            { $what ->
                [driver] Ein anderer Benutzer hat diesen Fahrer geändert. Wählen Sie, welche Fassung bleibt.
                [vehicle] Ein anderer Benutzer hat dieses Fahrzeug geändert. Wählen Sie, welche Fassung bleibt.
                [notes] Ein anderer Benutzer hat diese Notizen geändert. Wählen Sie, welche Fassung bleibt.
               *[user] Ein anderer Benutzer hat diesen Benutzer geändert. Wählen Sie, welche Fassung bleibt.
            }
    }
editor-choose-first = Wählen Sie zuerst, welche Fassung bleibt.
editor-saved =
    { $what ->
        [driver] Der Fahrer wurde gespeichert.
        [vehicle] Das Fahrzeug wurde gespeichert.
        [state] Der Status wurde gespeichert.
        [notes] Die Notizen wurden gespeichert.
       *[user] Der Benutzer wurde gespeichert.
    }
editor-deleted =
    { $what ->
        [driver] Ein anderer Benutzer hat diesen Fahrer gelöscht. Ihre Eingabe bleibt erhalten, bis Sie abbrechen.
        [vehicle] Ein anderer Benutzer hat dieses Fahrzeug gelöscht. Ihre Eingabe bleibt erhalten, bis Sie abbrechen.
        [state] Der Fahrer oder ein anderer Benutzer hat diesen Status gelöscht. Ihre Eingabe bleibt erhalten, bis Sie abbrechen.
        [notes] Ein anderer Benutzer hat diese Notizen gelöscht. Ihre Eingabe bleibt erhalten, bis Sie abbrechen.
       *[user] Ein anderer Benutzer hat diesen Benutzer gelöscht. Ihre Eingabe bleibt erhalten, bis Sie abbrechen.
    }
copy = Kopieren
copied = Kopiert
copied-name = { $label } kopiert.
copy-by-hand = Über HTTP kann nicht kopiert werden. Der Text ist markiert: Kopieren Sie ihn mit der Tastatur.
search = Suchen
search-list = { $list } durchsuchen
no-match = Kein Treffer für „{ $text }“.
actions = Aktionen
chart-bars =
    { $per ->
        [driver] { $name } je Fahrer, höchstens { $most } ({ $label })
       *[day] { $name } je Tag, höchstens { $most } ({ $label })
    }
chart-bars-none =
    { $per ->
        [driver] { $name } je Fahrer: keine Werte
       *[day] { $name } je Tag: keine Werte
    }
chart-speed = Geschwindigkeit im gezeigten Zeitraum, höchstens { $speed }
chart-speed-calculated = aus den Positionen berechnet
chart-speed-gaps =
    { $count ->
        [one] mit { $count } Abschnitt ohne Positionen
       *[other] mit { $count } Abschnitten ohne Positionen
    }

## Problems

problem-no-answer = Der Hub antwortet nicht. Prüfen Sie das Netz und versuchen Sie es erneut.
problem-session = Ihre Sitzung ist beendet. Melden Sie sich erneut an; Ihre Eingabe bleibt erhalten.
problem-role = Ihre Rolle erlaubt das nicht. Fragen Sie einen Administrator.
problem-deleted = Von einem anderen Benutzer gelöscht.
problem-too-many = Zu viele Anfragen. Warten Sie einen Moment und versuchen Sie es erneut.
problem-unavailable = Der Hub ist vorübergehend nicht verfügbar. Versuchen Sie es in einigen Sekunden erneut.
problem-pattern-id = Verwenden Sie 1 bis 64 Buchstaben A bis Z, Ziffern und . _ : - ohne Leerzeichen.
problem-pattern-line = Verwenden Sie eine Zeile mit gewöhnlichen Zeichen.
problem-too-long = Verwenden Sie höchstens { $limit } Zeichen.
problem-too-short = Verwenden Sie mindestens { $limit } Zeichen.
problem-failed = Die Anfrage ist fehlgeschlagen.
number-range = Geben Sie eine Zahl von { $min } bis { $max } ein.
whole-number-range = Geben Sie eine ganze Zahl von { $min } bis { $max } ein.
problem-required = Pflichtfeld.
problem-too-small = Geben Sie mindestens { $limit } ein.
problem-too-large = Geben Sie höchstens { $limit } ein.
problem-not-allowed = Erlaubt ist: { $allowed }.
