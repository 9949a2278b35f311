### French. Users are addressed with « vous ». One word for each thing:
### alert = alerte; alarm (of a device) = alarme; channel = canal; driver = conducteur; fence = zone; hub = hub; log of a
### channel = journal; phone token = jeton de téléphone; position = position; rule = règle; share link = lien de partage;
### stop = arrêt; track = trace; trip = trajet; visit = visite

## Words of several parts of the page

save = Enregistrer
create = Créer
cancel = Annuler
close = Fermer
edit = Modifier
delete = Supprimer
retry = Réessayer
show-more = Afficher plus
loading = Chargement…
never = Jamais
disabled = Désactivé
enable = Activer
disable = Désactiver
switch-off = Désactiver
switch-on = Activer
column-name = Nom
column-kind = Type
column-state = État
column-driver = Conducteur
column-channel = Canal
channels = Canaux
groups = Groupes
drivers = Conducteurs
time-zone = Fuseau horaire
severity = Gravité
valid-for = Valable pendant
role = Rôle
saved = { $name } : enregistré.
created = { $name } : créé.
deleted = { $name } : supprimé.
edit-name = Modifier { $name }
delete-name = Supprimer { $name }
delete-title = Supprimer { $name } ?
ids-hint = Identifiants de conducteurs séparés par des virgules ; saisissez un identifiant ou un nom pour en choisir un. Vide : tous les conducteurs.
send-to = Envoyer à

## Numbers, times and states

duration-seconds = { $value } s
duration-minutes = { $value } min
duration-hours = { $value } h
duration-hours-minutes = { $hours } h { $minutes } min
duration-days =
    { $value ->
        [one] { $value } jour
       *[other] { $value } jours
    }
duration-milliseconds = { $value } ms
duration-ago = il y a { $duration }
age-now = à l’instant
age-seconds = il y a { $value } s
age-minutes = il y a { $value } min
age-hours = il y a { $value } h
age-days =
    { $value ->
        [one] il y a { $value } jour
       *[other] il y a { $value } jours
    }
wind-north = nord
wind-north-east = nord-est
wind-east = est
wind-south-east = sud-est
wind-south = sud
wind-south-west = sud-ouest
wind-west = ouest
wind-north-west = nord-ouest
heading = { $wind }, { $degrees }°
state-free = Libre
state-busy = Occupé
state-off-duty = Hors service
within-distance = à { $distance } près
share-percent = { $value } %
status-online = En ligne
status-stale = Sans signal
status-offline = Hors ligne
status-stale-for = Sans signal depuis { $duration }
status-offline-for = Hors ligne : sans signal depuis { $duration }
status-online-old = En ligne, sans position depuis { $duration }
status-last-known = Dernier état connu : { $status }
heard-within = dans les dernières { $duration }
clock-ahead = Horloge en avance de { $span }
clock-behind = Horloge en retard de { $span }
problem-no-history = Aucune position enregistrée pour ce conducteur.
problem-history-unavailable = L’historique est momentanément indisponible. Le suivi en direct continue.
count-drivers =
    { $count ->
        [one] { $count } conducteur
       *[other] { $count } conducteurs
    }
count-groups =
    { $count ->
        [one] { $count } groupe
       *[other] { $count } groupes
    }
count-positions =
    { $count ->
        [one] { $count } position
       *[other] { $count } positions
    }

## Forms

editor-empty = vide
editor-conflict =
    { $others ->
        [driver] Le conducteur ou un autre utilisateur a changé « { $field } » en { $theirs } ; vous avez saisi { $mine }.
       *[user] Un autre utilisateur a changé « { $field } » en { $theirs } ; vous avez saisi { $mine }.
    }
editor-taken =
    { $others ->
        [driver] Le conducteur ou un autre utilisateur a changé « { $field } » en { $theirs }.
       *[user] Un autre utilisateur a changé « { $field } » en { $theirs }.
    }
editor-versions = Deux versions de « { $field } »
editor-use-theirs = Prendre l’autre version
editor-keep-mine = Garder ma version
editor-choose =
    { $others ->
        [driver] Le conducteur ou un autre utilisateur a changé cet état. Choisissez la version à garder.
       *[user]
            { $what ->
                [driver] Un autre utilisateur a changé ce conducteur. Choisissez la version à garder.
                [vehicle] Un autre utilisateur a changé ce véhicule. Choisissez la version à garder.
                [notes] Un autre utilisateur a changé ces notes. Choisissez la version à garder.
               *[user] Un autre utilisateur a changé cet utilisateur. Choisissez la version à garder.
            }
    }
editor-choose-first = Choisissez d’abord la version à garder.
editor-saved =
    { $what ->
        [driver] Le conducteur a été enregistré.
        [vehicle] Le véhicule a été enregistré.
        [state] L’état a été enregistré.
        [notes] Les notes ont été enregistrées.
       *[user] L’utilisateur a été enregistré.
    }
editor-deleted =
    { $what ->
        [driver] Un autre utilisateur a supprimé ce conducteur. Votre saisie est gardée jusqu’à ce que vous annuliez.
        [vehicle] Un autre utilisateur a supprimé ce véhicule. Votre saisie est gardée jusqu’à ce que vous annuliez.
        [state] Le conducteur ou un autre utilisateur a supprimé cet état. Votre saisie est gardée jusqu’à ce que vous annuliez.
        [notes] Un autre utilisateur a supprimé ces notes. Votre saisie est gardée jusqu’à ce que vous annuliez.
       *[user] Un autre utilisateur a supprimé cet utilisateur. Votre saisie est gardée jusqu’à ce que vous annuliez.
    }
copy = Copier
copied = Copié
copied-name = Copié : { $label }.
copy-by-hand = La copie n’est pas disponible en HTTP. Le texte est sélectionné : copiez-le avec le clavier.
search = Rechercher
search-list = Rechercher : { $list }
no-match = Aucun résultat pour « { $text } ».
actions = Actions
chart-bars =
    { $per ->
        [driver] { $name } par conducteur, au plus { $most } ({ $label })
       *[day] { $name } par jour, au plus { $most } ({ $label })
    }
chart-bars-none =
    { $per ->
        [driver] { $name } par conducteur : aucune valeur
       *[day] { $name } par jour : aucune valeur
    }
chart-speed = Vitesse sur la période affichée, au plus { $speed }
chart-speed-calculated = calculée à partir des positions
chart-speed-gaps =
    { $count ->
        [one] avec { $count } tronçon sans positions
       *[other] avec { $count } tronçons sans positions
    }

## Problems

problem-no-answer = Le hub ne répond pas. Vérifiez le réseau, puis réessayez.
problem-session = Votre session est terminée. Reconnectez-vous ; votre saisie est gardée.
problem-role = Votre rôle ne le permet pas. Demandez à un administrateur.
problem-deleted = Supprimé par un autre utilisateur.
problem-too-many = Trop de requêtes. Attendez un instant, puis réessayez.
problem-unavailable = Le hub est momentanément indisponible. Réessayez dans quelques secondes.
problem-pattern-id = Utilisez 1 à 64 lettres de A à Z, chiffres et . _ : - sans espaces.
problem-pattern-line = Utilisez une seule ligne de caractères ordinaires.
problem-too-long =
    { $limit ->
        [one] Utilisez au plus { $limit } caractère.
       *[other] Utilisez au plus { $limit } caractères.
    }
problem-too-short =
    { $limit ->
        [one] Utilisez au moins { $limit } caractère.
       *[other] Utilisez au moins { $limit } caractères.
    }
problem-failed = La requête a échoué.
number-range = Saisissez un nombre de { $min } à { $max }.
whole-number-range = Saisissez un nombre entier de { $min } à { $max }.
problem-required = Obligatoire.
problem-too-small = Saisissez au moins { $limit }.
problem-too-large = Saisissez au plus { $limit }.
problem-not-allowed = Utilisez l’une de ces valeurs : { $allowed }.
