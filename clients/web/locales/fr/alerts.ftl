## Rules

rule-kind-fence-entered = entre dans une zone
rule-kind-fence-exited = sort d’une zone
rule-kind-fence-crossed = traverse une zone
rule-kind-fence-dwelled = reste dans une zone
rule-kind-fence-inside = est dans une zone au début de l’horaire
rule-kind-fence-outside = est hors d’une zone au début de l’horaire
rule-kind-overspeed = roule trop vite
rule-kind-stopped = reste arrêté trop longtemps
rule-kind-offline = n’envoie rien
rule-kind-battery = a une batterie faible
rule-kind-alarm = envoie une alarme
rule-kind-trip-started = commence un trajet
rule-kind-trip-ended = termine un trajet
rule-kind-maintenance = doit passer à l’entretien
severity-info = Info
severity-warning = Avertissement
severity-critical = Critique
alert-open = Ouverte
alert-resolved = Terminée
alert-corrected = N’a pas eu lieu
alert-acknowledged = acquittée
alert-held-late = non envoyée : arrivée trop tard
alert-held-cooldown = non envoyée : pendant la pause de sa règle
alert-held-digest = attend un récapitulatif
alert-held-other = non envoyée : { $reason }
rule-dwell = Minutes dans la zone
rule-dwell-hint = Laissez vide pour la durée de séjour de la zone.
rule-speed-limit = Limite de vitesse en { $unit }
rule-seconds-above = Secondes au-dessus
rule-standing = Minutes à l’arrêt
rule-silent = Minutes sans position
rule-battery-below = Charge en % à laquelle elle commence
rule-battery-above = Charge en % à laquelle elle se termine
rule-distance-between =
    { $unit ->
        [mi] Miles entre deux entretiens
       *[km] Kilomètres entre deux entretiens
    }
rule-distance-hint = Laissez vide pour ne compter que les jours.
rule-distance-before =
    { $unit ->
        [mi] Miles parcourus avant
       *[km] Kilomètres parcourus avant
    }
rule-days-between = Jours entre deux entretiens
rule-days-hint =
    { $unit ->
        [mi] Avec des miles : ce qui arrive en premier.
       *[km] Avec des kilomètres : ce qui arrive en premier.
    }
rule-number = { $label } : { $value }
rule-cooldown = Pause en minutes après une alerte sur le même conducteur
rule-digest = Minutes pendant lesquelles les alertes sont envoyées ensemble
rule-max-age = Minutes après lesquelles une alerte est seulement listée
rule-name-hint = Le titre de ses alertes.
rule-kind = Une alerte quand un conducteur
rule-fences = Zones
rule-fences-hint = Aucune choisie : toutes les zones.
rule-fences-empty = Il n’y a pas encore de zones. Dessinez-en une sur la carte, dans l’onglet « Zones ».
rule-alarms = Alarmes
rule-alarms-hint = Par exemple sos, séparées par des virgules. Vide : toutes.
rule-channels-empty = Il n’y a pas de canaux : les alertes sont seulement listées.
rule-tell-resolved = Prévenir aussi quand c’est terminé
rule-more = Répétition et ancienneté
rule-conflict = Un autre utilisateur a changé cette règle. Votre saisie est gardée ; enregistrez de nouveau pour ne changer que ces champs.
rule-new = Nouvelle règle
rules = Règles
rules-empty = Pas encore de règles. Une règle crée une alerte, par exemple quand un conducteur entre dans une zone.
rule-column = Règle
rule-on = Active
rule-off = Inactive
switch-off-name = Désactiver { $name }
switch-on-name = Activer { $name }
is-on = { $name } : activation faite.
is-off = { $name } : désactivation faite.
rule-delete-about = Ses alertes restent dans la liste.
rule-some-fences =
    { $count ->
        [one] { $count } des zones
       *[other] { $count } des zones
    }
rule-some-drivers =
    { $count ->
        [one] { $count } des conducteurs
       *[other] { $count } des conducteurs
    }
rule-certain-times = à certaines heures
monday = Lundi
tuesday = Mardi
wednesday = Mercredi
thursday = Jeudi
friday = Vendredi
saturday = Samedi
sunday = Dimanche
schedule-complex = Cette règle a plusieurs intervalles par jour, ou des jours de repos. Ils sont gardés ; changez-les avec l’API.
schedule-limited = Seulement à certaines heures
schedule-days = Jours
from = De
to = À
schedule-end-hint = S’il n’est pas après « De » : le lendemain.

## The list of alerts

feed-all = Toutes les alertes
feed-unacknowledged = Non acquittées
feed-search = Rechercher des alertes
feed-state = Afficher les alertes dans l’état
feed-severity = Afficher les alertes de gravité
feed-any-severity = Toute gravité
feed-signals = Signaux des nouvelles alertes
feed-sound = Son
feed-notifications = Notifications
feed-push-title = Envoyées à ce navigateur, même quand la page est fermée
feed-push = Push : { $channel }
alerts = Alertes
feed-count =
    { $count ->
        [one] { $count } alerte.
       *[other] { $count } alertes.
    }
feed-loading = Chargement des alertes…
feed-none-match = Aucune alerte ne correspond. Effacez la recherche, ou choisissez « Toutes les alertes ».
feed-none = Pas encore d’alertes.
feed-none-about = Une règle crée une alerte, par exemple quand un conducteur entre dans une zone. Les règles se définissent sur la page « Gestion ».
feed-show-driver = Afficher le conducteur { $name }
feed-show-moment = Afficher le lieu et le moment : { $text }
feed-moment = Moment
feed-show-fence = Afficher la zone de : { $text }
feed-fence = Zone
feed-acknowledge = Acquitter
feed-acknowledge-alert = Acquitter : { $text }
feed-acknowledged = Acquittée.
feed-done = Fait
feed-done-alert = Fait : { $text }
feed-done-title = L’entretien est fait : compter à partir de maintenant
feed-done-said = L’entretien est compté à partir de maintenant.
push-ended = Ce navigateur ne reçoit plus de messages.
push-denied = Le navigateur n’autorise pas les notifications de cette page. Autorisez-les dans ses paramètres.
push-failed = Le navigateur ne peut pas s’abonner : { $reason }
push-begun = Les alertes de ce canal parviennent à ce navigateur, même quand la page est fermée.
signals-https = Ce navigateur n’affiche que les notifications de pages reçues en HTTPS.

## Channels

channel-webhook-about = Un de vos programmes reçoit chaque message en JSON, signé. Pour essayer, lancez : hub listen
channel-webhook-url-hint = HTTPS, ou une adresse que le paramètre HUB_HOOKS_ALLOW autorise.
channel-traccar-about = Un programme qui lit ce que Traccar transmet. Les positions sont transmises si elles sont choisies ci-dessous.
channel-traccar-token = Jeton porteur
channel-mqtt-about = Un sujet d’un courtier pour chaque conducteur. Les positions sont publiées si elles sont choisies ci-dessous.
channel-user = Utilisateur
channel-password = Mot de passe
channel-nats-about = Un sujet pour chaque conducteur. Les positions sont publiées si elles sont choisies ci-dessous.
channel-token = Jeton
channel-email = E-mail
channel-email-about = Chaque adresse reçoit son propre message. Le hub a besoin de HUB_SMTP_URL.
channel-email-to = Adresses
channel-email-to-hint = Séparées par des virgules.
channel-apprise-about = Beaucoup d’autres services, par une URL au format d’Apprise. Le hub a besoin de HUB_APPRISE.
channel-webpush = Notifications du navigateur
channel-webpush-about = Les navigateurs s’abonnent eux-mêmes, et reçoivent des messages même quand cette page est fermée.
channel-incoming-webhook = URL du webhook entrant
channel-webhook-url = URL du webhook
channel-workflow-url = URL du workflow
channel-chat = Discussion
channel-chat-hint = Son numéro, ou le nom d’un canal public avec @.
channel-bot-token = Jeton du bot
channel-topic-url = URL du sujet
channel-access-token = Jeton d’accès
channel-access-token-hint = Laissez vide pour un sujet public.
channel-event-position = Chaque position
channel-event-fence = Chaque événement des zones
channel-event-trip = Chaque événement des trajets
channel-event-channel = Quand un autre canal est désactivé
channel-active = Actif
channel-paused = En pause
channel-failing = En échec
channel-secret-kept = Laissez vide pour garder l’actuel.
channel-events = Envoyer sans règle
channel-events-hint = Les règles choisissent elles-mêmes leurs canaux.
channel-conflict = Un autre utilisateur a changé ce canal. Votre saisie est gardée ; enregistrez de nouveau pour ne changer que ces champs.
channel-new = Nouveau canal
channels-empty = Pas encore de canaux. Les alertes sont listées sur la page de la carte, et envoyées par les canaux de leur règle.
channel-receiver = Destinataire
channel-test = Tester
channel-test-name = Tester { $name }
channel-log = Journal
channel-log-name = Journal de { $name }
channel-pause = Suspendre
channel-resume = Reprendre
channel-pause-name = Suspendre { $name }
channel-resume-name = Reprendre { $name }
channel-new-secret = Nouveau secret
channel-new-secret-name = Nouveau secret de { $name }
channel-is = { $name } : { $state }.
channel-secret-about = Les messages sont signés avec le nouveau secret et, pendant un jour, aussi avec l’actuel.
channel-secret-title = Nouveau secret pour { $name } ?
channel-secret-create = Créer un secret
channel-secret-of = Secret de { $name }
channel-secret-once = Affiché une seule fois. Le destinataire s’en sert pour vérifier les signatures des messages.
channel-secret = Secret
channel-secret-try = Pour voir arriver les messages dans un terminal de cette machine :
channel-command = Commande
channel-delete-about = Les messages en attente ne sont pas envoyés, et son journal est supprimé.
delivery-pending = En attente
delivery-sent = Remis
delivery-dead = Abandonné
delivery-skipped = Non envoyé
delivery-none = Rien n’a encore été envoyé.
delivery-test-failed = Le test a échoué : { $outcome }
delivery-test-arrived = Le test est arrivé : { $outcome }
delivery-no-browser = Aucun navigateur n’est abonné à ce canal.
delivery-sending = Envoi du test…
delivery-channel-off = Le canal est en pause ou désactivé. Reprenez-le d’abord.
delivery-send-test = Envoyer un test
delivery-answered = le destinataire a répondu { $status }
delivery-confirmation = confirmé
delivery-confirmed = { $answer }.
delivery-confirmed-after = { $answer } après { $time }.
delivery-no-answer = pas de réponse
delivery-soon = Il sera bientôt envoyé.
delivery-next = { $reason }. Prochain essai à { $time }.
delivery-was-off = Le canal était en pause ou désactivé.
delivery-tried =
    { $count ->
        [one] { $reason }. Il y a eu { $count } essai.
       *[other] { $reason }. Il y a eu { $count } essais.
    }
delivery-content = Contenu
