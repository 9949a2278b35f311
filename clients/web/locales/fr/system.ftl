system = Système
system-dead-letters = Entrées non enregistrables
system-dead-letters-about = Contenu du journal interne que l’enregistreur n’a pas pu enregistrer.
system-dead-letters-none = Aucune entrée non enregistrable.
system-time = Heure
system-reason = Raison
system-size = Taille
count-bytes =
    { $count ->
        [one] { $count } octet
       *[other] { $count } octets
    }
system-log-entry = Entrée du journal interne
system-letter-sent = Ajoutée au journal interne. Si elle ne peut toujours pas être enregistrée, elle revient dans cette liste.
system-quarantine = Quarantaine
system-quarantine-about = Requêtes de téléphones dont des points n’ont pas pu être lus.
system-quarantine-none = Aucune requête en quarantaine.
system-format = Format
system-points = Points
system-path = Chemin
system-query = Paramètres
system-published =
    { $count ->
        [one] { $count } point publié.
       *[other] { $count } points publiés.
    }
system-published-some =
    { $count ->
        [one] { $count } point publié, { $refused } encore refusés : { $reason }.
       *[other] { $count } points publiés, { $refused } encore refusés : { $reason }.
    }
system-show = Afficher
system-show-name = Afficher : { $name }
system-send-again = Renvoyer
system-send-again-name = Renvoyer : { $name }
system-reload = Recharger
system-reload-list = Recharger : { $list }
system-live = Positions en direct
system-redis = Journal interne (Redis)
system-postgresql = Historique (PostgreSQL)
system-clock = Horloge
system-ok = OK
system-degraded = Dégradé
system-unavailable = Indisponible
system-standby = En attente
system-recording = Enregistre
system-retrying = Réessaie
system-starting = Démarre
system-the-drivers = les conducteurs
system-hub = Hub
system-started = Démarré
system-connections = Connexions ouvertes
system-clock-ahead = Avance de l’horloge sur { $source }
system-log = Journal interne
system-entries = Entrées
system-memory = Mémoire
system-unlogged = Positions qui attendent le journal interne
system-no-redis = Redis ne répond pas.
system-recorder = Enregistreur
system-backlog = Entrées en attente
system-lag = Ancienneté de la plus vieille
system-last-commit = Dernière validation
system-rows = Positions enregistrées depuis son démarrage
system-duplicates = Positions déjà enregistrées
system-retries = Nouveaux essais
system-lost = Positions confirmées perdues
system-last-error = Dernière erreur
system-no-recorder = Aucun enregistreur ne s’est signalé depuis 15 secondes.
system-not-stored = Non enregistré
system-payloads = Requêtes en quarantaine
system-points-in-them = Points qu’elles contiennent
system-no-postgresql = PostgreSQL ne répond pas.
system-parts = Parties du hub
system-version = Version { $version }.
system-all-work = Toutes les parties fonctionnent.
system-nodes = Nœuds
system-nodes-about = Processus qui servent les clients, de tous les hubs d’un même Redis.
system-node = Nœud
system-node-version = Version
system-serving = En service
system-draining = En cours d’arrêt
system-behind = Retard
system-up-to-date = à jour
system-wait = En attente
system-oldest = Plus ancien depuis
system-given-up = Abandonnés
system-replay = Ce qui a été abandonné est renvoyé depuis le journal du canal, ou avec { $command } de l’API.
kibibytes = { $value } Kio
mebibytes = { $value } Mio
