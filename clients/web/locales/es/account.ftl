## The user's own account, and logins with a provider

account = Cuenta
account-open-hub = Este hub es abierto: no tiene cuentas.
account-connected-now = Su cuenta está conectada con { $provider }.
account-user = Usuario: { $name }
password-change = Cambiar la contraseña
password-about = Una contraseña nueva cierra sus otras sesiones.
password-current = Contraseña actual
password-changed = La contraseña se cambió y sus otras sesiones se cerraron.
factor-on = Activado. Códigos de recuperación restantes: { $count }.
factor-off = Desactivado. Con él, un inicio de sesión con contraseña necesita además un código de una app de autenticación.
factor-of-provider = Los inicios de sesión con { $provider } tienen el segundo factor del proveedor.
factor-switch-off = Desactivar el segundo factor
factor-set-up-verb = Configurar
factor-set-up = Configurar el segundo factor
factor = Segundo factor
factor-required = Este hub lo exige.
account-connected = Conectada: puede iniciar sesión con { $provider }.
account-not-connected = No conectada. Conéctela para iniciar sesión con { $provider }.
account-connect-verb = Conectar
account-connect = Conectar la cuenta con { $provider }
password-enter-again = Introduzca de nuevo su contraseña.
continue = Continuar
factor-is-on = El segundo factor está activado.
factor-is-off = El segundo factor está desactivado.
connect-to = Conectar con { $provider }
code-wrong = Código incorrecto o ya usado.
password-is-wrong = Contraseña incorrecta.
code-enter = Introduzca el código de su app de autenticación.
factor-hub-requires = Este hub exige un segundo factor.
log-in-with = Iniciar sesión con { $provider }
log-in-once = Iniciar sesión con una contraseña de un solo uso
code = Código
code-hint = Las seis cifras que muestra su app de autenticación, o un código de recuperación.
factor-scan = Escanee este código con una app de autenticación, o escriba la clave en ella. Después introduzca el código que muestra la app.
factor-qr = Código QR de la clave
factor-key = Clave para la app
recovery-codes = Códigos de recuperación
recovery-codes-about = Se muestran solo una vez. Cada código sustituye una vez a un código de la app, para el día en que se pierda el teléfono. Guárdelos aparte del teléfono.
login-expired = El inicio de sesión tardó demasiado o se empezó en otra ventana. Inténtelo de nuevo.
login-cancelled = El inicio de sesión con { $provider } se canceló.
login-refused = Se rechazó la respuesta de { $provider }. Inténtelo de nuevo; si vuelve a ocurrir, avise a su administrador: el registro del hub tiene el motivo.
login-provider-silent = { $provider } no responde. Inténtelo más tarde o inicie sesión con una contraseña.
login-limit = Demasiados intentos. Inténtelo de nuevo en unos minutos.
login-unknown = Su cuenta en { $provider } no está conectada con ningún usuario. Inicie sesión con una contraseña y conéctela en «Cuenta», o consulte a un administrador.
login-not-admitted = Su cuenta en { $provider } no tiene ningún rol en este hub. Consulte a un administrador.
login-name-taken = Existe un usuario con su nombre. Si es suyo, inicie sesión con la contraseña y conecte la cuenta en «Cuenta».
login-disabled = Su usuario está desactivado. Consulte a un administrador.
login-last-admin = { $provider } quitaría el rol al último administrador. Haga antes administrador a otro usuario.
login-other-user = Esta cuenta de { $provider } está conectada con otro usuario.
login-session-ended = Su sesión terminó mientras se conectaba la cuenta. Inicie sesión e inténtelo de nuevo.
user-login = Inicio de sesión
user-provider = Proveedor
user-remove-factor = Quitar segundo factor
user-remove-factor-of = Quitar el segundo factor de { $name }
user-remove-factor-title = ¿Quitar el segundo factor de { $name }?
user-remove-factor-about = Entonces basta la contraseña.
user-factor-removed = Segundo factor de { $name } quitado.
user-disconnect = Desconectar
user-disconnect-name = Desconectar { $name } del proveedor
user-disconnect-title = ¿Desconectar { $name } del proveedor?
user-disconnected = { $name }: desconectado.
kiosk-reconnecting = Reconectando
kiosk-stale-since = Sin datos · de hace { $duration }
offline-positions = Sin conexión. Posiciones de { $time }.
offline-delete = Eliminar estas posiciones
update-reload = Recargar para la nueva versión
update-ready = Hay una nueva versión de esta página.
sheet-low = El mapa ocupa toda la ventana.
sheet-half = Mapa y lista.
sheet-full = La lista ocupa la ventana.
sheet-show = Mostrar la lista
sheet-enlarge = Agrandar la lista
sheet-hide = Ocultar la lista
open-in-app = App de este dispositivo
open-in = Abrir en…
playback-at = La reproducción está en { $time }.
day-from-to = { $from } → { $to }
notes-edit = Editar notas
photo = Foto
photo-change = Cambiar la foto
details-label = Conductor y vehículo
details-unread = No se pudieron leer las notas ni la foto. { $reason }
notes-add = Añadir notas
photo-of = Foto de { $name }
notes = Notas
notes-about = Notas sobre { $name }
photo-file = Imagen
photo-file-hint = Se reduce a 512 píxeles. No se envían el lugar ni el dispositivo de la toma.
photo-choose = Elija una imagen.
photo-unreadable = Este navegador no puede leer el archivo como imagen.
photo-saved = Se guardó la foto.
photo-deleted = Se eliminó la foto.
photo-delete = Eliminar la foto
list-search-labels = Buscar conductores por nombre, ID, teléfono o vehículo
list-search-title = Nombre, ID, número de teléfono, o matrícula, nombre y tipo del vehículo
panel-place = Lugar

## Share links to several drivers

share-several = Compartir un grupo o varios conductores
share-chosen-drivers = Conductores elegidos
share-group-hint = El enlace muestra los conductores que en cada momento están en el grupo.
share-ids-hint = ID de conductores separados por comas.
share-show-names = Mostrar los nombres de los conductores
share-need-driver = Introduzca al menos un ID de conductor.
share-several-hint = El título de la página.
share-none-of =
    { $of ->
        [several] No hay enlaces compartidos de grupos ni de varios conductores.
       *[driver] No hay enlaces compartidos de este conductor.
    }
share-once-of =
    { $of ->
        [several] Se muestra solo una vez. Quien tenga este enlace ve las posiciones en vivo de estos conductores hasta { $time }.
       *[driver] Se muestra solo una vez. Quien tenga este enlace ve la posición en vivo del conductor hasta { $time }.
    }
share-links-of =
    { $of ->
        [several] Enlaces compartidos de grupos y de varios conductores
       *[driver] Enlaces compartidos de este conductor
    }
share-none-at-all = No hay enlaces compartidos. Abra un conductor, o elija «Compartir grupo» sobre la lista de conductores, para crear uno.
share-group-button = Compartir grupo
share-group = grupo { $group }
shared-locations = Ubicaciones compartidas
shared-locations-over = Este enlace compartido ha caducado o se ha terminado.
shared-locations-lost = Conexión perdida. Se muestran las últimas posiciones conocidas. Reconectando…
shared-locations-none = Aún no hay posiciones. Aparecerán aquí cuando se reciban.
shared-locations-ended = Ubicaciones compartidas terminadas
shared-lost-newest = Conexión perdida · posición más reciente { $age }
shared-some = { $shown } de { $drivers }
shared-online = { $count } en línea
shared-newest = posición más reciente { $age }
shared-map-title = Mapa de las ubicaciones compartidas
shared-no-map = No se puede mostrar el mapa.
share-several-needs-javascript = Esta página necesita JavaScript para mostrar las ubicaciones compartidas.

## The search on the map, places, and its tools

finder-coordinates = Coordenadas
finder-address = Dirección
finder = Buscar en el mapa
finder-search = Buscar lugares
finder-label = Buscar lugares, coordenadas, conductores y zonas
finder-results = Resultados
finder-addresses = Buscar direcciones para «{ $text }»
finder-searching = Buscando direcciones…
finder-count =
    { $count ->
        [one] { $count } resultado. Elija con las teclas de flecha.
       *[other] { $count } resultados. Elija con las teclas de flecha.
    }
finder-nothing = No se encontró nada para «{ $text }».
finder-shown = El mapa muestra { $name }.
finder-found = Encontrado: { $name }
place-in-country = { $name }, { $country }
place-near = { $distance } al { $wind } de { $name }
map-places-by = Nombres de lugares: { $source }
own-position-denied = Esta página no puede leer su posición. Permítalo en el navegador; también necesita HTTPS.
own-position-unknown = Este dispositivo no conoce su posición.
own-position-late = No se encontró su posición a tiempo. Inténtelo de nuevo.
ruler = Medir una distancia
ruler-remove-last = Quitar el último
ruler-done = Listo
ruler-drawing = Termine de dibujar antes de medir.
ruler-ended = Medición terminada.
ruler-first = Haga clic en el primer punto, o pulse Intro para el centro del mapa.
ruler-next = Haga clic en el siguiente punto.
ruler-over = con { $count } puntos
own-position = Encontrar mi ubicación
own-position-unavailable = Ubicación no disponible
map-attribution = Mostrar u ocultar las fuentes
vehicle-truck = Camión
vehicle-van = Furgoneta
vehicle-bus = Autobús
vehicle-car = Coche
vehicle-motorcycle = Motocicleta
vehicle-bicycle = Bicicleta
vehicle-foot = A pie
