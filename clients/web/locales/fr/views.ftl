## The list of drivers

order-status = Connexion
order-speed = Vitesse
order-age = Dernière position
list-search = Rechercher des conducteurs
list-sort = Trier les conducteurs par
list-none-match = Aucun conducteur ne correspond. Effacez la recherche, ou choisissez « Tous », « Tous les groupes » et « Tout état ».
list-none = Aucun conducteur ne s’est encore signalé.
list-none-about = Les conducteurs apparaissent ici avec leur première position.
list-simulate = Pour voir 500 camions simulés, lancez :
list-connect = { $link }, ou envoyez des positions depuis votre propre application.
list-connect-link = Créez un conducteur et connectez un téléphone
standing = à l’arrêt

## The panel of a driver

panel-heading = Cap
panel-accuracy = Précision
panel-battery = Batterie
panel-altitude = Altitude
panel-driver-id = ID du conducteur
follow = Suivre
panel-latest = Dernière position
panel-heard = Dernier signal
panel-coordinates = Coordonnées
panel-no-position = Pas de position en direct. L’historique peut être disponible ci-dessous.
panel-clock = { $warning } : l’appareil envoie des heures fausses. Les anciennetés sont corrigées ; l’historique garde les heures de l’appareil.
coordinates-copied = Coordonnées copiées.
coordinates-selected = Coordonnées sélectionnées. Copiez-les avec le clavier.
selected = Sélectionné

## A day

day-next = Jour suivant
day-previous = Jour précédent
today = Aujourd’hui
day-label = Trajets et arrêts d’un jour
day-field = Jour, à l’heure de { $zone }
day-zone = Jours et heures de { $zone }.
playback = Relecture
files-label = Fichiers de ce jour
files = Télécharger la trace
day-loading = Chargement des trajets…
load-track = Charger la trace
day-no-trips = Aucun trajet le { $day }. Un trajet demande 500 m ou cinq minutes de mouvement, sauf si le hub est configuré autrement.
day-trips =
    { $count ->
        [one] trajet
       *[other] trajets
    }
day-distance = distance
day-moving = en mouvement
day-top-speed = vitesse max.
day-totals = Totaux du jour
day-stop = Arrêt, { $duration }
day-away = Aucun trajet pendant { $duration } ; le suivant a commencé à { $distance }
day-trip-carried = Trajet de la veille
day-trip = Trajet { $number }
day-trip-under-way = { $name }, en cours
day-trip-figures = { $distance } · { $duration } · max. { $speed }
day-no-more-yet = Pas d’autre trajet pour l’instant.
day-no-more = Pas d’autre trajet ce jour-là.
day-trip-shown = La carte montre le trajet à partir de { $time }.
track-loading = Chargement de la trace…
track-loading-count = Chargement de la trace… { $positions }
track-loaded = Trace chargée : { $positions }.
track-none = Aucune position le { $day }.
file-loading = Chargement du fichier { $format }…
file-saved = Fichier { $format } enregistré.

## The player

player-speed = Vitesse de relecture
player-time = Heure de relecture
player-scale = vitesse jusqu’à { $speed }
player-scale-calculated = vitesse, calculée à partir des positions, jusqu’à { $speed }
player-pause = Pause
player-finished = Relecture terminée.
player-again = Relire
player-play = Lire
player-silent = aucune position pendant { $duration }
player-trip = trajet { $number }
player-stop = arrêt, { $duration }
player-bound = Ce jour en a plus de { $count }. Les positions après { $time } ne sont pas montrées ici ; les fichiers les contiennent toutes.
player-gaps = Les lacunes de plus de { $duration } sont en pointillés, et le repère attend.
player-rate = { $rate }×

## Analytics

figure-distance = Distance
figure-trips = Trajets
figure-moving-time = Temps de conduite
figure-active-drivers = Conducteurs actifs
figure-average-speed = Vitesse moyenne
figure-top-speed = Vitesse maximale
figures-loading = Chargement des chiffres…
figures-loading-count =
    { $count ->
        [one] Chargement des chiffres… { $count } ligne
       *[other] Chargement des chiffres… { $count } lignes
    }
figures-loaded = Chiffres chargés : { $drivers }.
figures-days = Jours à afficher
figures-to = à
figures-zone = Les jours sont ceux du fuseau horaire { $zone }. Un trajet compte pour le jour où il a commencé.
figures-drivers-caption = Chiffres de chaque conducteur ; les titres des colonnes trient
figures-all-drivers =
    { $count ->
        [one] { $count } conducteur
       *[other] Les { $count } conducteurs
    }
figures-each-driver = Chiffres de chaque conducteur
figures-drivers-shown = { $shown } conducteurs sur { $count } sont affichés.
figures-at-most = au plus { $value }
figures-bound = Trop de jours et de conducteurs pour une page : les tableaux et le fichier contiennent les { $count } premières lignes. Choisissez moins de jours pour les voir toutes.
figures-none-day = Aucun trajet le { $day }.
figures-none-days = Aucun trajet du { $from } au { $to }.
figures-none-about = Les chiffres sont calculés à partir des trajets, et un trajet demande 500 m ou cinq minutes de mouvement (sauf si le hub est configuré autrement). Un conducteur à l’arrêt n’en a pas. Les positions qui arrivent tard comptent pour le jour où elles ont été relevées.
figures-none-advice = Choisissez d’autres jours, ou regardez la carte.
figures-fleet-caption = Chiffres de la flotte, par jour
figures-fleet = La flotte, jour par jour
figures-need-days = Choisissez un premier et un dernier jour.
figures-too-many-days = Au plus { $count } jours peuvent être affichés à la fois.
