system = System
system-dead-letters = Nicht speicherbare Einträge
system-dead-letters-about = Inhalt des Logs, den der Recorder nicht speichern konnte.
system-dead-letters-none = Keine nicht speicherbaren Einträge.
system-time = Zeit
system-reason = Grund
system-size = Größe
count-bytes =
    { $count ->
        [one] { $count } Byte
       *[other] { $count } Byte
    }
system-log-entry = Eintrag des Logs
system-letter-sent = An das Log angehängt. Kann er wieder nicht gespeichert werden, steht er erneut in dieser Liste.
system-quarantine = Quarantäne
system-quarantine-about = Anfragen von Telefonen mit Punkten, die nicht gelesen werden konnten.
system-quarantine-none = Keine Anfragen in Quarantäne.
system-format = Format
system-points = Punkte
system-path = Pfad
system-query = Abfrage
system-published =
    { $count ->
        [one] { $count } Punkt veröffentlicht.
       *[other] { $count } Punkte veröffentlicht.
    }
system-published-some =
    { $count ->
        [one] { $count } Punkt veröffentlicht, { $refused } weiterhin abgelehnt: { $reason }.
       *[other] { $count } Punkte veröffentlicht, { $refused } weiterhin abgelehnt: { $reason }.
    }
system-show = Zeigen
system-show-name = Zeigen: { $name }
system-send-again = Erneut senden
system-send-again-name = Erneut senden: { $name }
system-reload = Neu laden
system-reload-list = { $list } neu laden
system-live = Live-Positionen
system-redis = Log (Redis)
system-postgresql = Verlauf (PostgreSQL)
system-clock = Uhr
system-ok = OK
system-degraded = Eingeschränkt
system-unavailable = Nicht verfügbar
system-standby = Bereitschaft
system-recording = Zeichnet auf
system-retrying = Versucht es erneut
system-starting = Startet
system-the-drivers = den Fahrern
system-hub = Hub
system-started = Gestartet
system-connections = Offene Verbindungen
system-clock-ahead = Uhr voraus gegenüber { $source }
system-log = Log
system-entries = Einträge
system-memory = Speicher
system-unlogged = Positionen, die auf das Log warten
system-no-redis = Redis antwortet nicht.
system-recorder = Recorder
system-backlog = Wartende Einträge
system-lag = Alter des ältesten
system-last-commit = Letzter Commit
system-rows = Positionen, seit dem Start gespeichert
system-duplicates = Positionen, die schon gespeichert waren
system-retries = Wiederholungen
system-lost = Verlorene bestätigte Positionen
system-last-error = Letzter Fehler
system-no-recorder = Seit 15 Sekunden hat sich kein Recorder gemeldet.
system-not-stored = Nicht gespeichert
system-payloads = Anfragen in Quarantäne
system-points-in-them = Punkte darin
system-no-postgresql = PostgreSQL antwortet nicht.
system-parts = Teile des Hubs
system-version = Version { $version }.
system-all-work = Alle Teile arbeiten.
system-nodes = Knoten
system-nodes-about = Prozesse, die Clients bedienen, von allen Hubs an einem Redis.
system-node = Knoten
system-node-version = Version
system-serving = Bedient Clients
system-draining = Wird beendet
system-behind = Rückstand
system-up-to-date = aktuell
system-wait = Warten
system-oldest = Älteste seit
system-given-up = Aufgegeben
system-replay = Was aufgegeben wurde, wird aus dem Protokoll des Kanals erneut gesendet, oder mit { $command } der API.
kibibytes = { $value } KiB
mebibytes = { $value } MiB
