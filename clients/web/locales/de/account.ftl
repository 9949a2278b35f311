## The user's own account, and logins with a provider

account = Konto
account-open-hub = Dieser Hub ist offen: Er hat keine Konten.
account-connected-now = Ihr Konto ist mit { $provider } verbunden.
account-user = Benutzer: { $name }
password-change = Passwort ändern
password-about = Ein neues Passwort beendet Ihre anderen Sitzungen.
password-current = Aktuelles Passwort
password-changed = Das Passwort wurde geändert; Ihre anderen Sitzungen sind beendet.
factor-on = Ein. Verbleibende Wiederherstellungscodes: { $count }.
factor-off = Aus. Mit ihm braucht eine Anmeldung mit Passwort zusätzlich einen Code einer Authenticator-App.
factor-of-provider = Anmeldungen mit { $provider } haben den zweiten Faktor des Anbieters.
factor-switch-off = Zweiten Faktor ausschalten
factor-set-up-verb = Einrichten
factor-set-up = Zweiten Faktor einrichten
factor = Zweiter Faktor
factor-required = Dieser Hub verlangt ihn.
account-connected = Verbunden: Sie können sich mit { $provider } anmelden.
account-not-connected = Nicht verbunden. Verbinden Sie es, um sich mit { $provider } anzumelden.
account-connect-verb = Verbinden
account-connect = Konto mit { $provider } verbinden
password-enter-again = Geben Sie Ihr Passwort erneut ein.
continue = Weiter
factor-is-on = Der zweite Faktor ist eingeschaltet.
factor-is-off = Der zweite Faktor ist ausgeschaltet.
connect-to = Mit { $provider } verbinden
code-wrong = Falscher oder schon verwendeter Code.
password-is-wrong = Falsches Passwort.
code-enter = Geben Sie den Code Ihrer Authenticator-App ein.
factor-hub-requires = Dieser Hub verlangt einen zweiten Faktor.
log-in-with = Mit { $provider } anmelden
log-in-once = Mit einem Einmalpasswort anmelden
code = Code
code-hint = Die sechs Ziffern, die Ihre Authenticator-App zeigt, oder ein Wiederherstellungscode.
factor-scan = Scannen Sie diesen Code mit einer Authenticator-App oder tippen Sie den Schlüssel dort ein. Geben Sie dann den Code ein, den die App zeigt.
factor-qr = QR-Code des Schlüssels
factor-key = Schlüssel für die App
recovery-codes = Wiederherstellungscodes
recovery-codes-about = Werden nur einmal gezeigt. Jeder ersetzt einmal einen Code der App, für den Tag, an dem das Telefon verloren geht. Bewahren Sie sie getrennt vom Telefon auf.
login-expired = Die Anmeldung hat zu lange gedauert oder wurde in einem anderen Fenster begonnen. Versuchen Sie es erneut.
login-cancelled = Die Anmeldung mit { $provider } wurde abgebrochen.
login-refused = Die Antwort von { $provider } wurde abgelehnt. Versuchen Sie es erneut; geschieht es wieder, sagen Sie es Ihrem Administrator: Das Log des Hubs nennt den Grund.
login-provider-silent = { $provider } antwortet nicht. Versuchen Sie es später erneut oder melden Sie sich mit einem Passwort an.
login-limit = Zu viele Versuche. Versuchen Sie es in einigen Minuten erneut.
login-unknown = Ihr Konto bei { $provider } ist mit keinem Benutzer verbunden. Melden Sie sich mit einem Passwort an und verbinden Sie es unter „Konto“, oder fragen Sie einen Administrator.
login-not-admitted = Ihr Konto bei { $provider } hat keine Rolle für diesen Hub. Fragen Sie einen Administrator.
login-name-taken = Es gibt einen Benutzer mit Ihrem Namen. Ist es Ihrer, melden Sie sich mit dem Passwort an und verbinden Sie das Konto unter „Konto“.
login-disabled = Ihr Benutzer ist deaktiviert. Fragen Sie einen Administrator.
login-last-admin = { $provider } würde dem letzten Administrator die Rolle nehmen. Machen Sie zuerst einen anderen Benutzer zum Administrator.
login-other-user = Dieses Konto bei { $provider } ist mit einem anderen Benutzer verbunden.
login-session-ended = Ihre Sitzung endete, während das Konto verbunden wurde. Melden Sie sich an und versuchen Sie es erneut.
user-login = Anmeldung
user-provider = Anbieter
user-remove-factor = Zweiten Faktor entfernen
user-remove-factor-of = Zweiten Faktor von { $name } entfernen
user-remove-factor-title = Zweiten Faktor von { $name } entfernen?
user-remove-factor-about = Dann genügt das Passwort allein.
user-factor-removed = Zweiter Faktor von { $name } entfernt.
user-disconnect = Trennen
user-disconnect-name = { $name } vom Anbieter trennen
user-disconnect-title = { $name } vom Anbieter trennen?
user-disconnected = { $name } ist getrennt.
kiosk-reconnecting = Verbindung wird wieder aufgebaut
kiosk-stale-since = Veraltet · Stand vor { $duration }
offline-positions = Offline. Positionen von { $time }.
offline-delete = Diese Positionen löschen
update-reload = Neu laden für die neue Version
update-ready = Eine neue Version dieser Seite ist bereit.
sheet-low = Die Karte hat das ganze Fenster.
sheet-half = Karte und Liste.
sheet-full = Die Liste hat das Fenster.
sheet-show = Liste zeigen
sheet-enlarge = Liste vergrößern
sheet-hide = Liste ausblenden
open-in-app = App dieses Geräts
open-in = Öffnen in …
playback-at = Die Wiedergabe ist bei { $time }.
day-from-to = { $from } → { $to }
notes-edit = Notizen bearbeiten
photo = Foto
photo-change = Foto ändern
details-label = Fahrer und Fahrzeug
details-unread = Notizen und Foto konnten nicht gelesen werden. { $reason }
notes-add = Notizen hinzufügen
photo-of = Foto von { $name }
notes = Notizen
notes-about = Notizen zu { $name }
photo-file = Bild
photo-file-hint = Es wird auf 512 Pixel verkleinert. Ort und Gerät der Aufnahme werden nicht gesendet.
photo-choose = Wählen Sie ein Bild.
photo-unreadable = Dieser Browser kann die Datei nicht als Bild lesen.
photo-saved = Das Foto wurde gespeichert.
photo-deleted = Das Foto wurde gelöscht.
photo-delete = Foto löschen
list-search-labels = Fahrer nach Name, ID, Telefon oder Fahrzeug suchen
list-search-title = Name, ID, Telefonnummer, oder Kennzeichen, Name und Typ des Fahrzeugs
panel-place = Ort

## Share links to several drivers

share-several = Eine Gruppe oder mehrere Fahrer freigeben
share-chosen-drivers = Gewählte Fahrer
share-group-hint = Der Link zeigt die Fahrer, die jeweils in der Gruppe sind.
share-ids-hint = Fahrer-IDs, durch Kommas getrennt.
share-show-names = Namen der Fahrer zeigen
share-need-driver = Geben Sie mindestens eine Fahrer-ID ein.
share-several-hint = Die Überschrift der Seite.
share-none-of =
    { $of ->
        [several] Keine Freigabelinks für Gruppen und mehrere Fahrer.
       *[driver] Keine Freigabelinks für diesen Fahrer.
    }
share-once-of =
    { $of ->
        [several] Wird nur einmal gezeigt. Wer diesen Link hat, sieht die Live-Positionen dieser Fahrer bis { $time }.
       *[driver] Wird nur einmal gezeigt. Wer diesen Link hat, sieht die Live-Position des Fahrers bis { $time }.
    }
share-links-of =
    { $of ->
        [several] Freigabelinks für Gruppen und mehrere Fahrer
       *[driver] Freigabelinks für diesen Fahrer
    }
share-none-at-all = Keine Freigabelinks. Öffnen Sie einen Fahrer oder wählen Sie „Gruppe freigeben“ über der Fahrerliste, um einen anzulegen.
share-group-button = Gruppe freigeben
share-group = Gruppe { $group }
shared-locations = Geteilte Standorte
shared-locations-over = Dieser Freigabelink ist abgelaufen oder wurde beendet.
shared-locations-lost = Verbindung verloren. Die zuletzt bekannten Positionen werden gezeigt. Verbindung wird wieder aufgebaut …
shared-locations-none = Noch keine Positionen. Sie erscheinen hier, sobald sie empfangen werden.
shared-locations-ended = Geteilte Standorte beendet
shared-lost-newest = Verbindung verloren · neueste Position { $age }
shared-some = { $shown } von { $drivers }
shared-online = { $count } online
shared-newest = neueste Position { $age }
shared-map-title = Karte der geteilten Standorte
shared-no-map = Die Karte kann nicht gezeigt werden.
share-several-needs-javascript = Diese Seite braucht JavaScript, um die geteilten Standorte zu zeigen.

## The search on the map, places, and its tools

finder-coordinates = Koordinaten
finder-address = Adresse
finder = Karte durchsuchen
finder-search = Orte suchen
finder-label = Orte, Koordinaten, Fahrer und Zonen suchen
finder-results = Treffer
finder-addresses = Adressen suchen zu „{ $text }“
finder-searching = Adressen werden gesucht …
finder-count =
    { $count ->
        [one] { $count } Treffer. Wählen Sie mit den Pfeiltasten.
       *[other] { $count } Treffer. Wählen Sie mit den Pfeiltasten.
    }
finder-nothing = Nichts gefunden zu „{ $text }“.
finder-shown = Die Karte zeigt { $name }.
finder-found = Gefunden: { $name }
place-in-country = { $name }, { $country }
place-near = { $distance } von { $name }, Richtung { $wind }
map-places-by = Ortsnamen: { $source }
own-position-denied = Diese Seite darf Ihre Position nicht lesen. Erlauben Sie es im Browser; es braucht außerdem HTTPS.
own-position-unknown = Ihre Position ist diesem Gerät nicht bekannt.
own-position-late = Ihre Position wurde nicht rechtzeitig gefunden. Versuchen Sie es erneut.
ruler = Entfernung messen
ruler-remove-last = Letzten entfernen
ruler-done = Fertig
ruler-drawing = Beenden Sie das Zeichnen, bevor Sie messen.
ruler-ended = Messen beendet.
ruler-first = Klicken Sie auf den ersten Punkt oder drücken Sie die Eingabetaste für die Kartenmitte.
ruler-next = Klicken Sie auf den nächsten Punkt.
ruler-over = über { $count } Punkte
own-position = Meinen Standort finden
own-position-unavailable = Standort nicht verfügbar
map-attribution = Quellenangaben ein- oder ausblenden
vehicle-truck = Lkw
vehicle-van = Transporter
vehicle-bus = Bus
vehicle-car = Pkw
vehicle-motorcycle = Motorrad
vehicle-bicycle = Fahrrad
vehicle-foot = Zu Fuß
