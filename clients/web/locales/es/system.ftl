system = Sistema
system-dead-letters = Entradas no guardadas
system-dead-letters-about = Contenido del registro interno que el grabador no pudo guardar.
system-dead-letters-none = No hay entradas sin guardar.
system-time = Hora
system-reason = Motivo
system-size = Tamaño
count-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
system-log-entry = Entrada del registro interno
system-letter-sent = Añadida al registro interno. Si sigue sin poder guardarse, vuelve a esta lista.
system-quarantine = Cuarentena
system-quarantine-about = Solicitudes de teléfonos con puntos que no se pudieron leer.
system-quarantine-none = No hay solicitudes en cuarentena.
system-format = Formato
system-points = Puntos
system-path = Ruta
system-query = Consulta
system-published =
    { $count ->
        [one] { $count } punto publicado.
       *[other] { $count } puntos publicados.
    }
system-published-some =
    { $count ->
        [one] { $count } punto publicado, { $refused } aún rechazados: { $reason }.
       *[other] { $count } puntos publicados, { $refused } aún rechazados: { $reason }.
    }
system-show = Mostrar
system-show-name = Mostrar: { $name }
system-send-again = Enviar de nuevo
system-send-again-name = Enviar de nuevo: { $name }
system-reload = Recargar
system-reload-list = Recargar: { $list }
system-live = Posiciones en vivo
system-redis = Registro interno (Redis)
system-postgresql = Historial (PostgreSQL)
system-clock = Reloj
system-ok = Correcto
system-degraded = Degradado
system-unavailable = No disponible
system-standby = En reserva
system-recording = Grabando
system-retrying = Reintentando
system-starting = Iniciando
system-the-drivers = los conductores
system-hub = Hub
system-started = Iniciado
system-connections = Conexiones abiertas
system-clock-ahead = Adelanto del reloj respecto a { $source }
system-log = Registro interno
system-entries = Entradas
system-memory = Memoria
system-unlogged = Posiciones que esperan al registro interno
system-no-redis = Redis no responde.
system-recorder = Grabador
system-backlog = Entradas en espera
system-lag = Antigüedad de la más vieja
system-last-commit = Última confirmación
system-rows = Posiciones guardadas desde su inicio
system-duplicates = Posiciones que ya estaban guardadas
system-retries = Reintentos
system-lost = Posiciones confirmadas perdidas
system-last-error = Último error
system-no-recorder = Ningún grabador ha informado en 15 segundos.
system-not-stored = No guardado
system-payloads = Solicitudes en cuarentena
system-points-in-them = Puntos en ellas
system-no-postgresql = PostgreSQL no responde.
system-parts = Partes del hub
system-version = Versión { $version }.
system-all-work = Todas las partes funcionan.
system-nodes = Nodos
system-nodes-about = Procesos que atienden a clientes, de todos los hubs con un mismo Redis.
system-node = Nodo
system-node-version = Versión
system-serving = En servicio
system-draining = Terminando
system-behind = Retraso
system-up-to-date = al día
system-wait = En espera
system-oldest = Más antiguo desde
system-given-up = Abandonados
system-replay = Lo abandonado se envía de nuevo desde el registro del canal, o con { $command } de la API.
kibibytes = { $value } KiB
mebibytes = { $value } MiB
