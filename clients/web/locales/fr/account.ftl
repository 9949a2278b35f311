## The user's own account, and logins with a provider

account = Compte
account-open-hub = Ce hub est ouvert : il n’a pas de comptes.
account-connected-now = Votre compte est relié à { $provider }.
account-user = Utilisateur : { $name }
password-change = Changer le mot de passe
password-about = Un nouveau mot de passe met fin à vos autres sessions.
password-current = Mot de passe actuel
password-changed = Le mot de passe a été changé ; vos autres sessions sont terminées.
factor-on = Activé. Codes de secours restants : { $count }.
factor-off = Désactivé. Avec lui, une connexion par mot de passe demande aussi un code d’une application d’authentification.
factor-of-provider = Les connexions avec { $provider } ont le second facteur du fournisseur.
factor-switch-off = Désactiver le second facteur
factor-set-up-verb = Configurer
factor-set-up = Configurer le second facteur
factor = Second facteur
factor-required = Ce hub l’exige.
account-connected = Relié : vous pouvez vous connecter avec { $provider }.
account-not-connected = Non relié. Reliez-le pour vous connecter avec { $provider }.
account-connect-verb = Relier
account-connect = Relier le compte à { $provider }
password-enter-again = Saisissez de nouveau votre mot de passe.
continue = Continuer
factor-is-on = Le second facteur est activé.
factor-is-off = Le second facteur est désactivé.
connect-to = Relier à { $provider }
code-wrong = Code faux ou déjà utilisé.
password-is-wrong = Mot de passe incorrect.
code-enter = Saisissez le code de votre application d’authentification.
factor-hub-requires = Ce hub exige un second facteur.
log-in-with = Se connecter avec { $provider }
log-in-once = Se connecter avec un mot de passe à usage unique
code = Code
code-hint = Les six chiffres affichés par votre application d’authentification, ou un code de secours.
factor-scan = Scannez ce code avec une application d’authentification, ou saisissez-y la clé. Saisissez ensuite le code que l’application affiche.
factor-qr = Code QR de la clé
factor-key = Clé pour l’application
recovery-codes = Codes de secours
recovery-codes-about = Affichés une seule fois. Chacun remplace une fois un code de l’application, pour le jour où le téléphone est perdu. Gardez-les à l’écart du téléphone.
login-expired = La connexion a pris trop de temps, ou a commencé dans une autre fenêtre. Réessayez.
login-cancelled = La connexion avec { $provider } a été annulée.
login-refused = La réponse de { $provider } a été refusée. Réessayez ; si cela se reproduit, prévenez votre administrateur : le journal du hub en donne la raison.
login-provider-silent = { $provider } ne répond pas. Réessayez plus tard, ou connectez-vous avec un mot de passe.
login-limit = Trop de tentatives. Réessayez dans quelques minutes.
login-unknown = Votre compte chez { $provider } n’est relié à aucun utilisateur. Connectez-vous avec un mot de passe et reliez-le sous « Compte », ou demandez à un administrateur.
login-not-admitted = Votre compte chez { $provider } n’a aucun rôle pour ce hub. Demandez à un administrateur.
login-name-taken = Un utilisateur de votre nom existe. Si c’est le vôtre, connectez-vous avec le mot de passe et reliez le compte sous « Compte ».
login-disabled = Votre utilisateur est désactivé. Demandez à un administrateur.
login-last-admin = { $provider } retirerait son rôle au dernier administrateur. Nommez d’abord un autre administrateur.
login-other-user = Ce compte chez { $provider } est relié à un autre utilisateur.
login-session-ended = Votre session s’est terminée pendant la liaison du compte. Connectez-vous et réessayez.
user-login = Connexion
user-provider = Fournisseur
user-remove-factor = Retirer le second facteur
user-remove-factor-of = Retirer le second facteur de { $name }
user-remove-factor-title = Retirer le second facteur de { $name } ?
user-remove-factor-about = Le mot de passe seul suffit alors.
user-factor-removed = Second facteur de { $name } retiré.
user-disconnect = Délier
user-disconnect-name = Délier { $name } du fournisseur
user-disconnect-title = Délier { $name } du fournisseur ?
user-disconnected = { $name } : délié.
kiosk-reconnecting = Reconnexion
kiosk-stale-since = Sans données · d’il y a { $duration }
offline-positions = Hors ligne. Positions de { $time }.
offline-delete = Supprimer ces positions
update-reload = Recharger pour la nouvelle version
update-ready = Une nouvelle version de cette page est prête.
sheet-low = La carte occupe toute la fenêtre.
sheet-half = Carte et liste.
sheet-full = La liste occupe la fenêtre.
sheet-show = Afficher la liste
sheet-enlarge = Agrandir la liste
sheet-hide = Masquer la liste
open-in-app = Application de cet appareil
open-in = Ouvrir dans…
playback-at = La relecture est à { $time }.
day-from-to = { $from } → { $to }
notes-edit = Modifier les notes
photo = Photo
photo-change = Changer la photo
details-label = Conducteur et véhicule
details-unread = Les notes et la photo n’ont pas pu être lues. { $reason }
notes-add = Ajouter des notes
photo-of = Photo de { $name }
notes = Notes
notes-about = Notes sur { $name }
photo-file = Image
photo-file-hint = Elle est réduite à 512 pixels. Le lieu et l’appareil de prise de vue ne sont pas envoyés.
photo-choose = Choisissez une image.
photo-unreadable = Ce navigateur ne peut pas lire le fichier comme une image.
photo-saved = La photo a été enregistrée.
photo-deleted = La photo a été supprimée.
photo-delete = Supprimer la photo
list-search-labels = Rechercher des conducteurs par nom, ID, téléphone ou véhicule
list-search-title = Nom, ID, numéro de téléphone, ou immatriculation, nom et type du véhicule
panel-place = Lieu

## Share links to several drivers

share-several = Partager un groupe ou plusieurs conducteurs
share-chosen-drivers = Conducteurs choisis
share-group-hint = Le lien montre les conducteurs qui sont dans le groupe à chaque instant.
share-ids-hint = ID de conducteurs séparés par des virgules.
share-show-names = Montrer les noms des conducteurs
share-need-driver = Saisissez au moins un ID de conducteur.
share-several-hint = Le titre de la page.
share-none-of =
    { $of ->
        [several] Aucun lien de partage pour des groupes ou plusieurs conducteurs.
       *[driver] Aucun lien de partage pour ce conducteur.
    }
share-once-of =
    { $of ->
        [several] Affiché une seule fois. Toute personne ayant ce lien voit les positions en direct de ces conducteurs jusqu’à { $time }.
       *[driver] Affiché une seule fois. Toute personne ayant ce lien voit la position en direct du conducteur jusqu’à { $time }.
    }
share-links-of =
    { $of ->
        [several] Liens de partage de groupes et de plusieurs conducteurs
       *[driver] Liens de partage de ce conducteur
    }
share-none-at-all = Aucun lien de partage. Ouvrez un conducteur, ou choisissez « Partager un groupe » au-dessus de la liste des conducteurs, pour en créer un.
share-group-button = Partager un groupe
share-group = groupe { $group }
shared-locations = Positions partagées
shared-locations-over = Ce lien de partage a expiré ou a pris fin.
shared-locations-lost = Connexion perdue. Dernières positions connues affichées. Reconnexion…
shared-locations-none = Pas encore de positions. Elles apparaîtront ici dès leur réception.
shared-locations-ended = Partage des positions terminé
shared-lost-newest = Connexion perdue · position la plus récente { $age }
shared-some = { $shown } sur { $drivers }
shared-online = { $count } en ligne
shared-newest = position la plus récente { $age }
shared-map-title = Carte des positions partagées
shared-no-map = La carte ne peut pas être affichée.
share-several-needs-javascript = Cette page a besoin de JavaScript pour montrer les positions partagées.

## The search on the map, places, and its tools

finder-coordinates = Coordonnées
finder-address = Adresse
finder = Rechercher sur la carte
finder-search = Rechercher des lieux
finder-label = Rechercher des lieux, des coordonnées, des conducteurs et des zones
finder-results = Résultats
finder-addresses = Rechercher des adresses pour « { $text } »
finder-searching = Recherche d’adresses…
finder-count =
    { $count ->
        [one] { $count } résultat. Choisissez avec les touches fléchées.
       *[other] { $count } résultats. Choisissez avec les touches fléchées.
    }
finder-nothing = Rien trouvé pour « { $text } ».
finder-shown = La carte montre { $name }.
finder-found = Trouvé : { $name }
place-in-country = { $name }, { $country }
place-near = { $distance } de { $name }, direction { $wind }
map-places-by = Noms de lieux : { $source }
own-position-denied = Cette page n’a pas le droit de lire votre position. Autorisez-la dans le navigateur ; il faut aussi HTTPS.
own-position-unknown = Cet appareil ne connaît pas votre position.
own-position-late = Votre position n’a pas été trouvée à temps. Réessayez.
ruler = Mesurer une distance
ruler-remove-last = Retirer le dernier
ruler-done = Terminé
ruler-drawing = Finissez de dessiner avant de mesurer.
ruler-ended = Mesure terminée.
ruler-first = Cliquez sur le premier point, ou appuyez sur Entrée pour le milieu de la carte.
ruler-next = Cliquez sur le point suivant.
ruler-over = sur { $count } points
own-position = Trouver ma position
own-position-unavailable = Position non disponible
map-attribution = Afficher ou masquer les sources
vehicle-truck = Camion
vehicle-van = Fourgon
vehicle-bus = Bus
vehicle-car = Voiture
vehicle-motorcycle = Moto
vehicle-bicycle = Vélo
vehicle-foot = À pied
