## Rules

rule-kind-fence-entered = entra en una zona
rule-kind-fence-exited = sale de una zona
rule-kind-fence-crossed = atraviesa una zona
rule-kind-fence-dwelled = permanece en una zona
rule-kind-fence-inside = está en una zona al empezar el horario
rule-kind-fence-outside = está fuera de una zona al empezar el horario
rule-kind-overspeed = conduce demasiado rápido
rule-kind-stopped = está parado demasiado tiempo
rule-kind-offline = no envía nada
rule-kind-battery = tiene poca batería
rule-kind-alarm = envía una alarma
rule-kind-trip-started = empieza un viaje
rule-kind-trip-ended = termina un viaje
rule-kind-maintenance = necesita mantenimiento
severity-info = Información
severity-warning = Advertencia
severity-critical = Crítica
alert-open = Abierta
alert-resolved = Terminada
alert-corrected = No ocurrió
alert-acknowledged = confirmada
alert-held-late = no enviada: llegó demasiado tarde
alert-held-cooldown = no enviada: dentro de la pausa de su regla
alert-held-digest = espera un resumen
alert-held-other = no enviada: { $reason }
rule-dwell = Minutos en la zona
rule-dwell-hint = Déjelo vacío para usar el tiempo de permanencia de la zona.
rule-speed-limit = Límite de velocidad en { $unit }
rule-seconds-above = Segundos por encima
rule-standing = Minutos parado
rule-silent = Minutos sin posición
rule-battery-below = Carga en % con la que empieza
rule-battery-above = Carga en % con la que termina
rule-distance-between =
    { $unit ->
        [mi] Millas entre dos revisiones
       *[km] Kilómetros entre dos revisiones
    }
rule-distance-hint = Déjelo vacío para contar solo días.
rule-distance-before =
    { $unit ->
        [mi] Millas recorridas antes
       *[km] Kilómetros recorridos antes
    }
rule-days-between = Días entre dos revisiones
rule-days-hint =
    { $unit ->
        [mi] Con millas: lo que ocurra primero.
       *[km] Con kilómetros: lo que ocurra primero.
    }
rule-number = { $label }: { $value }
rule-cooldown = Pausa en minutos tras una alerta sobre el mismo conductor
rule-digest = Minutos en los que las alertas se envían juntas
rule-max-age = Minutos tras los que una alerta solo se muestra en la lista
rule-name-hint = El título de sus alertas.
rule-kind = Una alerta cuando un conductor
rule-fences = Zonas
rule-fences-hint = Ninguna elegida: todas las zonas.
rule-fences-empty = Aún no hay zonas. Dibuje una en el mapa, en la pestaña «Zonas».
rule-alarms = Alarmas
rule-alarms-hint = Por ejemplo sos, separadas por comas. Vacío: todas.
rule-channels-empty = No hay canales: las alertas solo se muestran en la lista.
rule-tell-resolved = Avisar también cuando termine
rule-more = Repetición y antigüedad
rule-conflict = Otro usuario cambió esta regla. Lo que introdujo se conserva; guarde de nuevo para cambiar solo estos campos.
rule-new = Nueva regla
rules = Reglas
rules-empty = Aún no hay reglas. Una regla crea una alerta, por ejemplo cuando un conductor entra en una zona.
rule-column = Regla
rule-on = Encendida
rule-off = Apagada
switch-off-name = Apagar { $name }
switch-on-name = Encender { $name }
is-on = { $name }: encendida.
is-off = { $name }: apagada.
rule-delete-about = Sus alertas permanecen en la lista.
rule-some-fences =
    { $count ->
        [one] { $count } de las zonas
       *[other] { $count } de las zonas
    }
rule-some-drivers =
    { $count ->
        [one] { $count } de los conductores
       *[other] { $count } de los conductores
    }
rule-certain-times = a ciertas horas
monday = Lunes
tuesday = Martes
wednesday = Miércoles
thursday = Jueves
friday = Viernes
saturday = Sábado
sunday = Domingo
schedule-complex = Esta regla tiene varios intervalos al día, o días en los que descansa. Se conservan; cámbielos con la API.
schedule-limited = Solo a ciertas horas
schedule-days = Días
from = Desde
to = Hasta
schedule-end-hint = Si no es posterior a «Desde»: el día siguiente.

## The list of alerts

feed-all = Todas las alertas
feed-unacknowledged = Sin confirmar
feed-search = Buscar alertas
feed-state = Mostrar alertas con el estado
feed-severity = Mostrar alertas con la gravedad
feed-any-severity = Cualquier gravedad
feed-signals = Avisos de alertas nuevas
feed-sound = Sonido
feed-notifications = Notificaciones
feed-push-title = Se envía a este navegador, también con la página cerrada
feed-push = Push: { $channel }
alerts = Alertas
feed-count =
    { $count ->
        [one] { $count } alerta.
       *[other] { $count } alertas.
    }
feed-loading = Cargando las alertas…
feed-none-match = Ninguna alerta coincide. Borre la búsqueda o elija «Todas las alertas».
feed-none = Aún no hay alertas.
feed-none-about = Una regla crea una alerta, por ejemplo cuando un conductor entra en una zona. Las reglas se configuran en la página «Gestión».
feed-show-driver = Mostrar el conductor { $name }
feed-show-moment = Mostrar el lugar y el momento: { $text }
feed-moment = Momento
feed-show-fence = Mostrar la zona de: { $text }
feed-fence = Zona
feed-acknowledge = Confirmar
feed-acknowledge-alert = Confirmar: { $text }
feed-acknowledged = Confirmada.
feed-done = Hecho
feed-done-alert = Hecho: { $text }
feed-done-title = El mantenimiento está hecho: contar desde ahora
feed-done-said = El mantenimiento se cuenta desde ahora.
push-ended = Este navegador ya no recibe mensajes.
push-denied = El navegador no permite notificaciones de esta página. Permítalas en su configuración.
push-failed = El navegador no puede suscribirse: { $reason }
push-begun = Las alertas de este canal llegan a este navegador, también con la página cerrada.
signals-https = Este navegador solo muestra notificaciones de páginas que llegaron por HTTPS.

## Channels

channel-webhook-about = Un programa suyo recibe cada mensaje como JSON, firmado. Para probarlo, ejecute: hub listen
channel-webhook-url-hint = HTTPS, o una dirección que permita el ajuste HUB_HOOKS_ALLOW.
channel-traccar-about = Un programa que lee lo que Traccar reenvía. Las posiciones se reenvían si se eligen abajo.
channel-traccar-token = Token de portador
channel-mqtt-about = Un tema de un intermediario por conductor. Las posiciones se publican si se eligen abajo.
channel-user = Usuario
channel-password = Contraseña
channel-nats-about = Un asunto por conductor. Las posiciones se publican si se eligen abajo.
channel-token = Token
channel-email = Correo electrónico
channel-email-about = Cada dirección recibe su propio mensaje. El hub necesita HUB_SMTP_URL.
channel-email-to = Direcciones
channel-email-to-hint = Separadas por comas.
channel-apprise-about = Muchos otros servicios, con una URL en el formato de Apprise. El hub necesita HUB_APPRISE.
channel-webpush = Notificaciones del navegador
channel-webpush-about = Los navegadores se suscriben por sí mismos y reciben mensajes también con esta página cerrada.
channel-incoming-webhook = URL del webhook entrante
channel-webhook-url = URL del webhook
channel-workflow-url = URL del flujo de trabajo
channel-chat = Chat
channel-chat-hint = Su número, o el nombre de un canal público con @.
channel-bot-token = Token del bot
channel-topic-url = URL del tema
channel-access-token = Token de acceso
channel-access-token-hint = Déjelo vacío para un tema público.
channel-event-position = Cada posición
channel-event-fence = Cada evento de zonas
channel-event-trip = Cada evento de viajes
channel-event-channel = Cuando se desactiva otro canal
channel-active = Activo
channel-paused = En pausa
channel-failing = Con fallos
channel-secret-kept = Déjelo vacío para conservar el actual.
channel-events = Enviar sin regla
channel-events-hint = Las reglas eligen sus canales ellas mismas.
channel-conflict = Otro usuario cambió este canal. Lo que introdujo se conserva; guarde de nuevo para cambiar solo estos campos.
channel-new = Nuevo canal
channels-empty = Aún no hay canales. Las alertas se muestran en la página del mapa y se envían por los canales de su regla.
channel-receiver = Destinatario
channel-test = Probar
channel-test-name = Probar { $name }
channel-log = Registro
channel-log-name = Registro de { $name }
channel-pause = Pausar
channel-resume = Reanudar
channel-pause-name = Pausar { $name }
channel-resume-name = Reanudar { $name }
channel-new-secret = Nuevo secreto
channel-new-secret-name = Nuevo secreto de { $name }
channel-is = { $name }: { $state }.
channel-secret-about = Los mensajes se firman con el nuevo secreto y, durante un día, también con el actual.
channel-secret-title = ¿Nuevo secreto para { $name }?
channel-secret-create = Crear secreto
channel-secret-of = Secreto de { $name }
channel-secret-once = Se muestra solo una vez. El destinatario verifica con él las firmas de los mensajes.
channel-secret = Secreto
channel-secret-try = Para ver llegar los mensajes en un terminal de este equipo:
channel-command = Comando
channel-delete-about = Los mensajes en espera no se envían, y se elimina su registro.
delivery-pending = En espera
delivery-sent = Entregado
delivery-dead = Abandonado
delivery-skipped = No enviado
delivery-none = Aún no se ha enviado nada.
delivery-test-failed = La prueba falló: { $outcome }
delivery-test-arrived = La prueba llegó: { $outcome }
delivery-no-browser = Ningún navegador está suscrito a este canal.
delivery-sending = Enviando la prueba…
delivery-channel-off = El canal está en pausa o desactivado. Reanúdelo primero.
delivery-send-test = Enviar una prueba
delivery-answered = el destinatario respondió { $status }
delivery-confirmation = confirmado
delivery-confirmed = { $answer }.
delivery-confirmed-after = { $answer } en { $time }.
delivery-no-answer = sin respuesta
delivery-soon = Se enviará pronto.
delivery-next = { $reason }. Próximo intento a las { $time }.
delivery-was-off = El canal estaba en pausa o desactivado.
delivery-tried =
    { $count ->
        [one] { $reason }. Se intentó { $count } vez.
       *[other] { $reason }. Se intentó { $count } veces.
    }
delivery-content = Contenido
