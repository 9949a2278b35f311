## The page

page-title = Flotte · Location hub
skip = Aller au contenu
fleet = Flotte
views = Vues
side = Conducteurs, alertes et zones
map = Carte
details = Détails
needs-javascript = Cette page a besoin de JavaScript pour montrer la flotte en direct.

## Language and units

settings = Langue et unités
settings-language = Langue
settings-browser = Celle du navigateur ({ $usual })
settings-units = Distances et vitesses
settings-units-hint = Les fichiers et l’API gardent les mètres et les secondes.
settings-usual = Selon l’usage de votre région
settings-usual-day = Selon l’usage de votre région ({ $day })
settings-metric = Kilomètres et mètres
settings-miles = Miles et pieds
settings-clock = Heures du jour
settings-clock-24 = 24 heures
settings-clock-12 = 12 heures
settings-week = Premier jour de la semaine
settings-no-storage = Le navigateur ne laisse pas cette page enregistrer de réglages. Autorisez-le dans ses paramètres.

## Start, views and session

theme-dark = Sombre
theme-light = Clair
theme-change-dark = Passer aux couleurs sombres
theme-change-light = Passer aux couleurs claires
try-again = Réessayer
disconnected = Déconnecté
api-no-answer = Le hub ne répond pas.
api-log-in = Reconnectez-vous.
api-role = Votre rôle ne le permet pas.
api-not-found = Introuvable. L’élément a peut-être été supprimé.
api-taken = Déjà pris.
api-changed = Changé entre-temps par un autre utilisateur.
api-too-large = La requête est trop grande.
api-invalid = Saisie non valable : { $detail }.
api-error = Erreur : { $detail }.
analytics = Analyses
view-not-loaded = Cette vue n’a pas pu être chargée. Rechargez la page : le hub a peut-être été mis à jour.
view-not-installed = Cette vue a besoin de paquets qui n’ont pas pu être téléchargés à l’installation du hub. Réinstallez le hub avec un accès au réseau.
logged-out-elsewhere = Vous vous êtes déconnecté dans un autre onglet.
session-ended = Votre session est terminée. Reconnectez-vous.
live = En direct
connecting = Connexion…
reconnecting = Reconnexion…
reconnecting-since = Reconnexion · données d’il y a { $duration }
stale-since = Sans données depuis { $duration }
disconnected-reason = Déconnecté : { $reason }. Rechargez la page pour vous reconnecter.
open-hub = Hub ouvert : pas de connexion requise
open-hub-title = Aucun secret n’est configuré (HUB_JWT_SECRET).
log-out = Se déconnecter
log-out-failed = La déconnexion a échoué ; vous êtes toujours connecté. { $reason }
password-new = Nouveau mot de passe
password-hint = Au moins 10 caractères. Quelques mots sont faciles à retenir.
password-again = Répéter le nouveau mot de passe
password-once = Ceci est un mot de passe à usage unique. Choisissez un nouveau mot de passe.
log-in = Se connecter
passwords-differ = Les mots de passe ne correspondent pas.
logging-in = Connexion…
password-choose = Choisissez un nouveau mot de passe.
password-wrong = Nom d’utilisateur ou mot de passe incorrect.
log-in-too-often = Trop de tentatives. Réessayez dans { $duration }.
log-in-unavailable = La connexion est momentanément indisponible. Réessayez dans quelques secondes.
side-label = À côté de la carte
alerts-waiting =
    { $count ->
        [one] Alertes, { $count } alerte ouverte non acquittée
       *[other] Alertes, { $count } alertes ouvertes non acquittées
    }
all = Tous
summary-label = Afficher les conducteurs selon la connexion
filter-group = Afficher les conducteurs du groupe
filter-state = Afficher les conducteurs dans l’état
filter-said = Les conducteurs, la carte et les alertes sont filtrés.
filter-any-state = Tout état
