manage = Verwalten
manage-title = Flotte verwalten
vehicles = Fahrzeuge
users = Benutzer
share-links = Freigabelinks
api-keys = API-Schlüssel
role-admin = Administrator
role-dispatcher = Disponent
role-driver = Fahrer
role-gateway = Gateway
role-dispatcher-about = Disponent: beobachtet die Flotte und gibt Fahrer frei
role-admin-about = Administrator: verwaltet außerdem die Flotte
role-key-dispatcher-about = Disponent: liest die Flotte und gibt Fahrer frei
role-gateway-about = Gateway: sendet Positionen aller Fahrer

## Drivers and vehicles

groups-hint = Namen, durch Kommas getrennt, zum Beispiel: transporter, nord. Liste und Karte lassen sich danach filtern.
phone-number = Telefonnummer
driver-stale-after = Veraltet nach Sekunden
driver-stale-after-hint = Ohne Lebenszeichen; 5 bis 604800. Leer lassen für die Einstellung des Hubs.
driver-offline-after = Offline nach Sekunden
driver-offline-after-hint = Mehr als die Sekunden, nach denen der Fahrer veraltet ist. Leer lassen für die Einstellung des Hubs.
driver-id-hint = Aus dem Namen gebildet; Sie können sie jetzt ändern, später nicht. Telefone, Programme und Links nennen den Fahrer so, zum Beispiel lkw-17.
drivers-empty = Noch keine Fahrer. Legen Sie einen an und verbinden Sie dann ein Telefon.
driver-active = Aktiv
driver-phones = Telefone
driver-phones-of = Telefone von { $name }
driver-history = Verlauf
driver-history-of = Verlauf von { $name }
driver-share = Freigeben
driver-share-name = { $name } freigeben
enable-name = { $name } aktivieren
disable-name = { $name } deaktivieren
is-disabled = { $name } ist deaktiviert.
is-enabled = { $name } ist aktiviert.
disable-title = { $name } deaktivieren?
driver-disable-about = Positionen von den Telefonen des Fahrers werden innerhalb von Sekunden abgewiesen, bis Sie den Fahrer wieder aktivieren.
driver-delete-about = Seine Telefone werden abgewiesen und seine Freigabelinks enden. Sein Verlauf bleibt erhalten.
driver-new = Neuer Fahrer
id = ID
vehicle-plate = Kennzeichen
vehicle-type = Typ
vehicle-type-hint = Zum Beispiel Transporter.
vehicle-driver-hint = Für keinen Fahrer leer lassen.
vehicles-empty = Noch keine Fahrzeuge. Legen Sie eines an und weisen Sie dann einen Fahrer zu.
vehicle = Fahrzeug
vehicle-no-driver = Keiner
vehicle-delete-about = Sein Fahrer bleibt erhalten, ohne Fahrzeug.
vehicle-id-hint = Ihre eigene Fahrzeugnummer, zum Beispiel van-7. Sie kann später nicht geändert werden.
vehicle-new = Neues Fahrzeug
driver-state-of = Status von { $name }
driver-state-none = Nicht gesetzt
driver-change-state = Status ändern
driver-connect = Telefon verbinden
retention-hint = Ganze Monate zusätzlich zum laufenden; 0 bewahrt alles auf. Leer lassen für die Einstellung des Hubs.
retention-hint-usual = Ganze Monate zusätzlich zum laufenden; 0 bewahrt alles auf. Leer lassen für die Einstellung des Hubs, { $months }.
retention-months = Monate des Verlaufs
retention-saved = Die Einstellung des Verlaufs wurde gespeichert.
unregistered-about = Sie senden Positionen unter einer ID, die kein registrierter Fahrer hat. Registrieren Sie die, die zur Flotte gehören.
unregistered = Nicht registriert: { $count }
unregistered-more =
    { $count ->
        [one] { $count } weiterer ist hier nicht aufgelistet.
       *[other] { $count } weitere sind hier nicht aufgelistet.
    }
register = Registrieren
register-name = { $name } registrieren
registered = { $name } ist registriert.
import-title =
    { $what ->
        [vehicle] Fahrzeuge importieren
       *[driver] Fahrer importieren
    }
import-csv = CSV importieren
export-csv = CSV exportieren
import-not-utf8 = Die Datei ist nicht UTF-8. Speichern Sie sie als „CSV UTF-8“ und wählen Sie sie erneut.
import-unreadable = Die Datei hat sich geändert oder kann nicht gelesen werden. Wählen Sie sie erneut.
import-nothing = Es würde sich nichts ändern.
import-problem = { $place }: { $problem }
import-correct = Es wurde nichts gespeichert. Korrigieren Sie die Datei und wählen Sie sie erneut.
import = Importieren
import-columns = Die erste Zeile der Datei benennt ihre Spalten: { $columns }. Nur die erste ist nötig.
import-about = Bekannte IDs werden geändert, andere angelegt. Ein Feld ohne Spalte bleibt; eine leere Zelle leert ihr Feld.
import-file = CSV-Datei
import-sums = Neu: { $created }, geändert: { $changed }, unverändert: { $unchanged }
sentence = { $text }.

## Phones

phone-open = Dieser Hub ist offen: Es ist kein Telefon-Token nötig, und jedes Telefon, das ihn erreicht, kann Positionen senden. Geben Sie diese URL in der App ein:
phone-open-local = Kein Telefon erreicht diese URL: Ein offener Hub ist nur von diesem Computer aus erreichbar. Für Telefone starten Sie den Hub mit HUB_JWT_SECRET=auto und HUB_HOST=0.0.0.0.
phone-url = URL für die App
phone = Telefon
phone-hint = Ein Name für die Liste unten, zum Beispiel: Samsung, Tagschicht.
phone-none = Keine Telefon-Token.
phone-unnamed = Telefon ohne Namen
phone-since = { $name } · seit { $time }
phone-revoke-about = Das Telefon wird innerhalb von Sekunden abgewiesen.
phone-qr = QR-Code der URL
phone-once = Wird nur einmal gezeigt. Scannen oder kopieren Sie jetzt. Wer diese URL hat, kann Positionen als dieser Fahrer senden.
phone-create = Telefon-Token anlegen
phone-tokens = Telefon-Token
phone-unreachable = Die URL nennt diesen Rechner, daher kann kein Telefon sie erreichen. Öffnen Sie diese Seite unter einer Adresse, die Telefone erreichen, oder setzen Sie HUB_PUBLIC_URL, und legen Sie das Telefon-Token erneut an.
phone-private = Nur Telefone in diesem Netz erreichen die URL: Ihre Adresse ist privat.
phone-traccar = { $app } Geben Sie die URL oben als Server-URL ein und starten Sie den Dienst.
phone-owntracks = { $app } Stellen Sie den Modus auf HTTP und geben Sie die URL oben als URL ein, ohne Verschlüsselung.
phone-both = Beide:
phone-both-about = { $both } Erlauben Sie den Standortzugriff immer und nehmen Sie die App vom Energiesparen aus.
revoke = Widerrufen
revoke-name = { $name } widerrufen
revoke-title = { $name } widerrufen?
is-revoked = { $name } ist widerrufen.

## Share links

share-hour = 1 Stunde
share-hours-4 = 4 Stunden
share-hours-12 = 12 Stunden
share-day = 1 Tag
share-week = 1 Woche
share-custom = Eigenes Ende
share-name = Name, den Empfänger sehen
share-name-hint = Wird statt der Fahrer-ID gezeigt.
share-until = Bis
share-until-hint = In Ihrer Zeitzone, höchstens eine Woche ab jetzt.
share-need-time = Wählen Sie Datum und Uhrzeit.
share-link = Freigabelink
share-create = Freigabelink anlegen
share-nearby = Fahrzeuge in der Nähe
share-end-title = Freigabelink { $name } beenden?
share-end-about = Der Link funktioniert sofort nicht mehr.
share-end-link = Freigabelink beenden
share-ended = Freigabelink beendet.
share-line-driver = { $name } ({ $driver }) · bis { $time }
share-line = { $name } · bis { $time }
share-end = Beenden
share-end-name = Freigabelink { $name } beenden

## Users and API keys

users-empty = Keine Benutzer.
user = Benutzer
user-you = { $name } (Sie)
user-invited = Einladung offen
user-active = Aktiv
user-role-of = Rolle von { $name } ändern
user-reset = Passwort zurücksetzen
user-reset-of = Passwort von { $name } zurücksetzen
user-reset-title = Passwort von { $name } zurücksetzen?
user-reset-about = Das alte Passwort und alle Sitzungen dieses Benutzers enden sofort.
user-disable-about = Alle Sitzungen dieses Benutzers enden innerhalb von Sekunden.
user-delete-about = Alle Sitzungen dieses Benutzers enden.
user-name = Benutzername
user-new = Neuer Benutzer
user-password-of = Passwort von { $name }
user-password-once = Wird nur einmal gezeigt und gilt für eine Anmeldung, bei der der Benutzer ein neues Passwort wählt. Übergeben Sie es dem Benutzer persönlich.
user-password = Einmalpasswort
key-until-revoked = Bis zum Widerruf
key-days-30 = 30 Tage
key-days-90 = 90 Tage
key-year = 1 Jahr
keys-empty = Keine API-Schlüssel.
key = Schlüssel
key-prefix = Beginnt mit
key-last-used = Zuletzt verwendet
key-expires = Läuft ab
key-expired = Abgelaufen
key-revoke-about = Das Programm wird innerhalb von Sekunden abgewiesen.
key-name-hint = Das Programm, das den Schlüssel verwendet, zum Beispiel: ERP, Abrechnung.
key-new = Neuer API-Schlüssel
key-of = API-Schlüssel von { $name }
key-once = Wird nur einmal gezeigt. Kopieren Sie ihn jetzt und bewahren Sie ihn als Geheimnis des Programms auf.
api-key = API-Schlüssel
