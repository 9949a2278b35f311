## The page

page-title = Flota · Location hub
skip = Saltar al contenido
fleet = Flota
views = Vistas
side = Conductores, alertas y zonas
map = Mapa
details = Detalles
needs-javascript = Esta página necesita JavaScript para mostrar la flota en vivo.

## Language and units

settings = Idioma y unidades
settings-language = Idioma
settings-browser = Como en el navegador ({ $usual })
settings-units = Distancias y velocidades
settings-units-hint = Los archivos y la API mantienen metros y segundos.
settings-usual = Lo habitual en su región
settings-usual-day = Lo habitual en su región ({ $day })
settings-metric = Kilómetros y metros
settings-miles = Millas y pies
settings-clock = Horas del día
settings-clock-24 = 24 horas
settings-clock-12 = 12 horas
settings-week = Primer día de la semana
settings-no-storage = El navegador no deja que esta página guarde ajustes. Permítalo en su configuración.

## Start, views and session

theme-dark = Oscuro
theme-light = Claro
theme-change-dark = Cambiar a colores oscuros
theme-change-light = Cambiar a colores claros
try-again = Intentar de nuevo
disconnected = Desconectado
api-no-answer = El hub no responde.
api-log-in = Inicie sesión de nuevo.
api-role = Su rol no lo permite.
api-not-found = No encontrado. Puede que se haya eliminado.
api-taken = Ya está en uso.
api-changed = Otro usuario lo cambió mientras tanto.
api-too-large = La solicitud es demasiado grande.
api-invalid = Entrada no válida: { $detail }.
api-error = Error: { $detail }.
analytics = Análisis
view-not-loaded = No se pudo cargar esta vista. Recargue la página: puede que el hub se haya actualizado.
view-not-installed = Esta vista necesita paquetes que no se pudieron descargar al instalar el hub. Reinstale el hub con acceso a la red.
logged-out-elsewhere = Cerró la sesión en otra pestaña.
session-ended = Su sesión ha terminado. Inicie sesión de nuevo.
live = En vivo
connecting = Conectando…
reconnecting = Reconectando…
reconnecting-since = Reconectando · datos de hace { $duration }
stale-since = Sin datos desde hace { $duration }
disconnected-reason = Desconectado: { $reason }. Recargue la página para volver a conectar.
open-hub = Hub abierto: no requiere inicio de sesión
open-hub-title = No hay ningún secreto configurado (HUB_JWT_SECRET).
log-out = Cerrar sesión
log-out-failed = No se pudo cerrar la sesión; sigue abierta. { $reason }
password-new = Contraseña nueva
password-hint = Al menos 10 caracteres. Unas pocas palabras son fáciles de recordar.
password-again = Repetir la contraseña nueva
password-once = Esta es una contraseña de un solo uso. Elija una contraseña nueva.
log-in = Iniciar sesión
passwords-differ = Las contraseñas no coinciden.
logging-in = Iniciando sesión…
password-choose = Elija una contraseña nueva.
password-wrong = Nombre de usuario o contraseña incorrectos.
log-in-too-often = Demasiados intentos. Inténtelo de nuevo en { $duration }.
log-in-unavailable = El inicio de sesión no está disponible por el momento. Inténtelo de nuevo en unos segundos.
side-label = Junto al mapa
alerts-waiting =
    { $count ->
        [one] Alertas, { $count } alerta abierta sin confirmar
       *[other] Alertas, { $count } alertas abiertas sin confirmar
    }
all = Todos
summary-label = Mostrar conductores con la conexión
filter-group = Mostrar conductores del grupo
filter-state = Mostrar conductores con el estado
filter-said = Se filtran los conductores, el mapa y las alertas.
filter-any-state = Cualquier estado
