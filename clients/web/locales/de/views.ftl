## The list of drivers

order-status = Verbindung
order-speed = Geschwindigkeit
order-age = Letzte Position
list-search = Fahrer suchen
list-sort = Fahrer sortieren nach
list-none-match = Keine passenden Fahrer. Leeren Sie die Suche oder wählen Sie „Alle“, „Alle Gruppen“ und „Jeder Status“.
list-none = Noch kein Fahrer hat sich gemeldet.
list-none-about = Fahrer erscheinen hier mit ihrer ersten Position.
list-simulate = Um 500 simulierte Lkw zu sehen, führen Sie aus:
list-connect = { $link }, oder senden Sie Positionen aus Ihrer eigenen App.
list-connect-link = Legen Sie einen Fahrer an und verbinden Sie ein Telefon
standing = steht

## The panel of a driver

panel-heading = Richtung
panel-accuracy = Genauigkeit
panel-battery = Akku
panel-altitude = Höhe
panel-driver-id = Fahrer-ID
follow = Folgen
panel-latest = Letzte Position
panel-heard = Letztes Signal
panel-coordinates = Koordinaten
panel-no-position = Keine Live-Position. Unten gibt es vielleicht einen Verlauf.
panel-clock = { $warning }: Das Gerät sendet falsche Zeiten. Altersangaben sind berichtigt; der Verlauf behält die Zeiten des Geräts.
coordinates-copied = Koordinaten kopiert.
coordinates-selected = Koordinaten markiert. Kopieren Sie sie mit der Tastatur.
selected = Markiert

## A day

day-next = Nächster Tag
day-previous = Voriger Tag
today = Heute
day-label = Fahrten und Halte eines Tages
day-field = Tag, in der Zeit von { $zone }
day-zone = Tage und Zeiten von { $zone }.
playback = Wiedergabe
files-label = Dateien dieses Tages
files = Track herunterladen
day-loading = Fahrten werden geladen …
load-track = Track laden
day-no-trips = Keine Fahrten am { $day }. Eine Fahrt braucht 500 m oder fünf Minuten Bewegung, sofern der Hub nicht anders eingestellt ist.
day-trips =
    { $count ->
        [one] Fahrt
       *[other] Fahrten
    }
day-distance = Strecke
day-moving = Fahrzeit
day-top-speed = Höchsttempo
day-totals = Summen des Tages
day-stop = Halt, { $duration }
day-away = Keine Fahrt für { $duration }; die nächste begann { $distance } entfernt
day-trip-carried = Fahrt vom Vortag
day-trip = Fahrt { $number }
day-trip-under-way = { $name }, läuft
day-trip-figures = { $distance } · { $duration } · höchstens { $speed }
day-no-more-yet = Bisher keine weiteren Fahrten.
day-no-more = Keine weiteren Fahrten an diesem Tag.
day-trip-shown = Die Karte zeigt die Fahrt ab { $time }.
track-loading = Track wird geladen …
track-loading-count = Track wird geladen … { $positions }
track-loaded = Track geladen: { $positions }.
track-none = Keine Positionen am { $day }.
file-loading = { $format }-Datei wird geladen …
file-saved = { $format }-Datei gespeichert.

## The player

player-speed = Wiedergabetempo
player-time = Wiedergabezeit
player-scale = Geschwindigkeit bis { $speed }
player-scale-calculated = Geschwindigkeit, aus den Positionen berechnet, bis { $speed }
player-pause = Anhalten
player-finished = Wiedergabe beendet.
player-again = Erneut abspielen
player-play = Abspielen
player-silent = keine Positionen für { $duration }
player-trip = Fahrt { $number }
player-stop = Halt, { $duration }
player-bound = Dieser Tag hat mehr als { $count }. Positionen nach { $time } werden hier nicht gezeigt; die Dateien enthalten alle.
player-gaps = Lücken von mehr als { $duration } sind gestrichelt, und die Markierung wartet.
player-rate = { $rate }×

## Analytics

figure-distance = Strecke
figure-trips = Fahrten
figure-moving-time = Fahrzeit
figure-active-drivers = Aktive Fahrer
figure-average-speed = Durchschnitt
figure-top-speed = Höchsttempo
figures-loading = Werte werden geladen …
figures-loading-count =
    { $count ->
        [one] Werte werden geladen … { $count } Zeile
       *[other] Werte werden geladen … { $count } Zeilen
    }
figures-loaded = Werte geladen: { $drivers }.
figures-days = Anzuzeigende Tage
figures-to = bis
figures-zone = Tage gelten in der Zeitzone { $zone }. Eine Fahrt zählt für den Tag, an dem sie begann.
figures-drivers-caption = Werte je Fahrer; die Spaltenköpfe sortieren
figures-all-drivers =
    { $count ->
        [one] { $count } Fahrer
       *[other] Alle { $count } Fahrer
    }
figures-each-driver = Werte je Fahrer
figures-drivers-shown = { $shown } von { $count } Fahrern werden angezeigt.
figures-at-most = höchstens { $value }
figures-bound = Zu viele Tage und Fahrer für eine Seite: Die Tabellen und die Datei enthalten die ersten { $count } Zeilen. Wählen Sie weniger Tage, um alle zu sehen.
figures-none-day = Keine Fahrten am { $day }.
figures-none-days = Keine Fahrten vom { $from } bis { $to }.
figures-none-about = Die Werte werden aus Fahrten berechnet, und eine Fahrt braucht 500 m oder fünf Minuten Bewegung (sofern der Hub nicht anders eingestellt ist). Ein Fahrer, der stillsteht, hat keine. Positionen, die spät eintreffen, zählen für den Tag, an dem sie aufgenommen wurden.
figures-none-advice = Wählen Sie andere Tage oder prüfen Sie die Karte.
figures-fleet-caption = Werte der Flotte je Tag
figures-fleet = Die Flotte, Tag für Tag
figures-need-days = Wählen Sie einen ersten und einen letzten Tag.
figures-too-many-days = Es können höchstens { $count } Tage auf einmal gezeigt werden.
