## The page

page-title = Flotte · Location hub
skip = Zum Inhalt springen
fleet = Flotte
views = Ansichten
side = Fahrer, Meldungen und Zonen
map = Karte
details = Details
needs-javascript = Diese Seite braucht JavaScript, um die Flotte live zu zeigen.

## Language and units

settings = Sprache und Einheiten
settings-language = Sprache
settings-browser = Wie im Browser ({ $usual })
settings-units = Strecken und Geschwindigkeiten
settings-units-hint = Dateien und die API behalten Meter und Sekunden.
settings-usual = Wie in Ihrer Region üblich
settings-usual-day = Wie in Ihrer Region üblich ({ $day })
settings-metric = Kilometer und Meter
settings-miles = Meilen und Fuß
settings-clock = Uhrzeiten
settings-clock-24 = 24 Stunden
settings-clock-12 = 12 Stunden
settings-week = Erster Tag der Woche
settings-no-storage = Der Browser lässt diese Seite keine Einstellungen speichern. Erlauben Sie das in seinen Einstellungen.

## Start, views and session

theme-dark = Dunkel
theme-light = Hell
theme-change-dark = Zu dunklen Farben wechseln
theme-change-light = Zu hellen Farben wechseln
try-again = Erneut versuchen
disconnected = Getrennt
api-no-answer = Der Hub antwortet nicht.
api-log-in = Melden Sie sich erneut an.
api-role = Ihre Rolle erlaubt das nicht.
api-not-found = Nicht gefunden. Vielleicht wurde es gelöscht.
api-taken = Schon vergeben.
api-changed = Inzwischen von einem anderen Benutzer geändert.
api-too-large = Die Anfrage ist zu groß.
api-invalid = Ungültige Eingabe: { $detail }.
api-error = Fehler: { $detail }.
analytics = Auswertung
view-not-loaded = Diese Ansicht konnte nicht geladen werden. Laden Sie die Seite neu: Vielleicht wurde der Hub aktualisiert.
view-not-installed = Diese Ansicht braucht Pakete, die bei der Installation des Hubs nicht heruntergeladen werden konnten. Installieren Sie den Hub mit Netzzugang neu.
logged-out-elsewhere = Sie haben sich in einem anderen Tab abgemeldet.
session-ended = Ihre Sitzung ist beendet. Melden Sie sich erneut an.
live = Live
connecting = Verbindung wird aufgebaut …
reconnecting = Verbindung wird wieder aufgebaut …
reconnecting-since = Verbindung wird wieder aufgebaut · Stand vor { $duration }
stale-since = Veraltet seit { $duration }
disconnected-reason = Getrennt: { $reason }. Laden Sie die Seite neu, um sich wieder zu verbinden.
open-hub = Offener Hub: keine Anmeldung nötig
open-hub-title = Kein Geheimnis ist konfiguriert (HUB_JWT_SECRET).
log-out = Abmelden
log-out-failed = Die Abmeldung ist fehlgeschlagen; Sie sind noch angemeldet. { $reason }
password-new = Neues Passwort
password-hint = Mindestens 10 Zeichen. Einige Wörter sind leicht zu merken.
password-again = Neues Passwort wiederholen
password-once = Dies ist ein Einmalpasswort. Wählen Sie ein neues Passwort.
log-in = Anmelden
passwords-differ = Die Passwörter stimmen nicht überein.
logging-in = Anmeldung läuft …
password-choose = Wählen Sie ein neues Passwort.
password-wrong = Benutzername oder Passwort ist falsch.
log-in-too-often = Zu viele Versuche. Versuchen Sie es in { $duration } erneut.
log-in-unavailable = Die Anmeldung ist vorübergehend nicht verfügbar. Versuchen Sie es in einigen Sekunden erneut.
side-label = Neben der Karte
alerts-waiting =
    { $count ->
        [one] Meldungen, { $count } offene Meldung nicht bestätigt
       *[other] Meldungen, { $count } offene Meldungen nicht bestätigt
    }
all = Alle
summary-label = Fahrer mit dieser Verbindung anzeigen
filter-group = Fahrer dieser Gruppe anzeigen
filter-state = Fahrer mit diesem Status anzeigen
filter-said = Fahrer, Karte und Meldungen sind gefiltert.
filter-any-state = Jeder Status
