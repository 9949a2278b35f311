manage = Gestion
manage-title = Gérer la flotte
vehicles = Véhicules
users = Utilisateurs
share-links = Liens de partage
api-keys = Clés d’API
role-admin = Administrateur
role-dispatcher = Répartiteur
role-driver = Conducteur
role-gateway = Passerelle
role-dispatcher-about = Répartiteur : observe la flotte et partage des conducteurs
role-admin-about = Administrateur : gère aussi la flotte
role-key-dispatcher-about = Répartiteur : lit la flotte et partage des conducteurs
role-gateway-about = Passerelle : envoie les positions de tous les conducteurs

## Drivers and vehicles

groups-hint = Noms séparés par des virgules, par exemple fourgons, nord. La liste et la carte peuvent être filtrées par groupe.
phone-number = Numéro de téléphone
driver-stale-after = Sans signal après (secondes)
driver-stale-after-hint = Sans signe de vie ; de 5 à 604800. Laissez vide pour le réglage du hub.
driver-offline-after = Hors ligne après (secondes)
driver-offline-after-hint = Plus que les secondes après lesquelles il est sans signal. Laissez vide pour le réglage du hub.
driver-id-hint = Formé à partir du nom ; vous pouvez le changer maintenant, mais pas ensuite. Téléphones, programmes et liens nomment ainsi le conducteur, par exemple camion-17.
drivers-empty = Pas encore de conducteurs. Créez-en un, puis connectez un téléphone.
driver-active = Actif
driver-phones = Téléphones
driver-phones-of = Téléphones de { $name }
driver-history = Historique
driver-history-of = Historique de { $name }
driver-share = Partager
driver-share-name = Partager { $name }
enable-name = Activer { $name }
disable-name = Désactiver { $name }
is-disabled = { $name } : désactivé.
is-enabled = { $name } : activé.
disable-title = Désactiver { $name } ?
driver-disable-about = Les positions des téléphones du conducteur sont refusées en quelques secondes, jusqu’à ce que vous le réactiviez.
driver-delete-about = Ses téléphones sont refusés et ses liens de partage prennent fin. Son historique est gardé.
driver-new = Nouveau conducteur
id = ID
vehicle-plate = Immatriculation
vehicle-type = Type
vehicle-type-hint = Par exemple fourgon.
vehicle-driver-hint = Laissez vide pour aucun conducteur.
vehicles-empty = Pas encore de véhicules. Créez-en un, puis affectez-lui un conducteur.
vehicle = Véhicule
vehicle-no-driver = Aucun
vehicle-delete-about = Son conducteur est gardé, sans véhicule.
vehicle-id-hint = Votre propre numéro de véhicule, par exemple fourgon-7. Il ne peut pas être changé ensuite.
vehicle-new = Nouveau véhicule
driver-state-of = État de { $name }
driver-state-none = Non défini
driver-change-state = Changer l’état
driver-connect = Connecter un téléphone
retention-hint = Mois entiers en plus du mois en cours ; 0 garde tout. Laissez vide pour le réglage du hub.
retention-hint-usual = Mois entiers en plus du mois en cours ; 0 garde tout. Laissez vide pour le réglage du hub, { $months }.
retention-months = Mois d’historique
retention-saved = Le réglage de l’historique a été enregistré.
unregistered-about = Ils envoient des positions sous un identifiant qu’aucun conducteur inscrit n’a. Inscrivez ceux qui appartiennent à la flotte.
unregistered = Non inscrits : { $count }
unregistered-more =
    { $count ->
        [one] { $count } autre n’est pas listé ici.
       *[other] { $count } autres ne sont pas listés ici.
    }
register = Inscrire
register-name = Inscrire { $name }
registered = { $name } est inscrit.
import-title =
    { $what ->
        [vehicle] Importer des véhicules
       *[driver] Importer des conducteurs
    }
import-csv = Importer un CSV
export-csv = Exporter en CSV
import-not-utf8 = Le fichier n’est pas en UTF-8. Enregistrez-le en « CSV UTF-8 », puis choisissez-le de nouveau.
import-unreadable = Le fichier a changé ou ne peut pas être lu. Choisissez-le de nouveau.
import-nothing = Rien ne changerait.
import-problem = { $place } : { $problem }
import-correct = Rien n’a été enregistré. Corrigez le fichier, puis choisissez-le de nouveau.
import = Importer
import-columns = La première ligne du fichier nomme ses colonnes : { $columns }. Seule la première est nécessaire.
import-about = Les identifiants connus sont modifiés, les autres créés. Un champ sans colonne reste ; une cellule vide vide son champ.
import-file = Fichier CSV
import-sums = Nouveaux : { $created }, modifiés : { $changed }, inchangés : { $unchanged }
sentence = { $text }.

## Phones

phone-open = Ce hub est ouvert : aucun jeton de téléphone n’est nécessaire, et tout téléphone qui l’atteint peut envoyer des positions. Saisissez cette URL dans l’application :
phone-open-local = Aucun téléphone n’atteint cette URL : un hub ouvert n’est accessible que depuis cet ordinateur. Pour des téléphones, démarrez le hub avec HUB_JWT_SECRET=auto et HUB_HOST=0.0.0.0.
phone-url = URL pour l’application
phone = Téléphone
phone-hint = Un nom pour la liste ci-dessous, par exemple : Samsung, équipe de jour.
phone-none = Aucun jeton de téléphone.
phone-unnamed = Téléphone sans nom
phone-since = { $name } · depuis { $time }
phone-revoke-about = Le téléphone est refusé en quelques secondes.
phone-qr = Code QR de l’URL
phone-once = Affichée une seule fois. Scannez-la ou copiez-la maintenant. Toute personne ayant cette URL peut envoyer des positions en tant que ce conducteur.
phone-create = Créer un jeton de téléphone
phone-tokens = Jetons de téléphone
phone-unreachable = L’URL désigne cet ordinateur, donc aucun téléphone ne peut l’atteindre. Ouvrez cette page à une adresse que les téléphones atteignent, ou définissez HUB_PUBLIC_URL, et créez de nouveau le jeton de téléphone.
phone-private = Seuls les téléphones de ce réseau atteignent l’URL : son adresse est privée.
phone-traccar = { $app } saisissez l’URL ci-dessus comme URL du serveur et démarrez le service.
phone-owntracks = { $app } réglez le mode sur HTTP et saisissez l’URL ci-dessus comme URL, sans chiffrement.
phone-both = Les deux :
phone-both-about = { $both } autorisez toujours l’accès à la position, et excluez l’application de l’économie de batterie.
revoke = Révoquer
revoke-name = Révoquer { $name }
revoke-title = Révoquer { $name } ?
is-revoked = { $name } : révoqué.

## Share links

share-hour = 1 heure
share-hours-4 = 4 heures
share-hours-12 = 12 heures
share-day = 1 jour
share-week = 1 semaine
share-custom = Autre fin
share-name = Nom montré aux destinataires
share-name-hint = Montré à la place de l’ID du conducteur.
share-until = Jusqu’à
share-until-hint = Dans votre fuseau horaire, au plus une semaine à partir de maintenant.
share-need-time = Choisissez une date et une heure.
share-link = Lien de partage
share-create = Créer un lien de partage
share-nearby = voitures à proximité
share-end-title = Mettre fin au lien de partage { $name } ?
share-end-about = Le lien cesse aussitôt de fonctionner.
share-end-link = Mettre fin au lien
share-ended = Le lien de partage a pris fin.
share-line-driver = { $name } ({ $driver }) · jusqu’à { $time }
share-line = { $name } · jusqu’à { $time }
share-end = Terminer
share-end-name = Mettre fin au lien de partage { $name }

## Users and API keys

users-empty = Aucun utilisateur.
user = Utilisateur
user-you = { $name } (vous)
user-invited = Invitation en attente
user-active = Actif
user-role-of = Changer le rôle de { $name }
user-reset = Réinitialiser le mot de passe
user-reset-of = Réinitialiser le mot de passe de { $name }
user-reset-title = Réinitialiser le mot de passe de { $name } ?
user-reset-about = L’ancien mot de passe et toutes les sessions de cet utilisateur prennent fin aussitôt.
user-disable-about = Toutes les sessions de cet utilisateur prennent fin en quelques secondes.
user-delete-about = Toutes les sessions de cet utilisateur prennent fin.
user-name = Nom d’utilisateur
user-new = Nouvel utilisateur
user-password-of = Mot de passe de { $name }
user-password-once = Affiché une seule fois et valable pour une connexion, où l’utilisateur choisit un nouveau mot de passe. Remettez-le à l’utilisateur en personne.
user-password = Mot de passe à usage unique
key-until-revoked = Jusqu’à sa révocation
key-days-30 = 30 jours
key-days-90 = 90 jours
key-year = 1 an
keys-empty = Aucune clé d’API.
key = Clé
key-prefix = Commence par
key-last-used = Dernière utilisation
key-expires = Expire
key-expired = Expirée
key-revoke-about = Le programme est refusé en quelques secondes.
key-name-hint = Le programme qui utilise la clé, par exemple : ERP, facturation.
key-new = Nouvelle clé d’API
key-of = Clé d’API de { $name }
key-once = Affichée une seule fois. Copiez-la maintenant et conservez-la comme un secret du programme.
api-key = Clé d’API
