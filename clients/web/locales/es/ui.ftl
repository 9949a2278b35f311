### Spanish. Users are addressed with «usted». One word for each thing:
### alert = alerta; alarm (of a device) = alarma; channel = canal; driver = conductor; fence = zona; hub = hub; log of a
### channel = registro; phone token = token de teléfono; position = posición; rule = regla; share link = enlace compartido;
### stop = parada; track = recorrido; trip = viaje; visit = visita

## Words of several parts of the page

save = Guardar
create = Crear
cancel = Cancelar
close = Cerrar
edit = Editar
delete = Eliminar
retry = Reintentar
show-more = Mostrar más
loading = Cargando…
never = Nunca
disabled = Desactivado
enable = Activar
disable = Desactivar
switch-off = Apagar
switch-on = Encender
column-name = Nombre
column-kind = Tipo
column-state = Estado
column-driver = Conductor
column-channel = Canal
channels = Canales
groups = Grupos
drivers = Conductores
time-zone = Zona horaria
severity = Gravedad
valid-for = Válido durante
role = Rol
saved = { $name }: guardado.
created = { $name }: creado.
deleted = { $name }: eliminado.
edit-name = Editar { $name }
delete-name = Eliminar { $name }
delete-title = ¿Eliminar { $name }?
ids-hint = Identificadores de conductores separados por comas; escriba un identificador o un nombre para elegir uno. Vacío: todos los conductores.
send-to = Enviar a

## Numbers, times and states

duration-seconds = { $value } s
duration-minutes = { $value } min
duration-hours = { $value } h
duration-hours-minutes = { $hours } h { $minutes } min
duration-days =
    { $value ->
        [one] { $value } día
       *[other] { $value } días
    }
duration-milliseconds = { $value } ms
duration-ago = hace { $duration }
age-now = ahora mismo
age-seconds = hace { $value } s
age-minutes = hace { $value } min
age-hours = hace { $value } h
age-days =
    { $value ->
        [one] hace { $value } día
       *[other] hace { $value } días
    }
wind-north = norte
wind-north-east = noreste
wind-east = este
wind-south-east = sureste
wind-south = sur
wind-south-west = suroeste
wind-west = oeste
wind-north-west = noroeste
heading = { $wind }, { $degrees }°
state-free = Libre
state-busy = Ocupado
state-off-duty = Fuera de servicio
within-distance = con un margen de { $distance }
share-percent = { $value } %
status-online = En línea
status-stale = Sin señal
status-offline = Desconectado
status-stale-for = Sin señal desde hace { $duration }
status-offline-for = Desconectado: sin señal desde hace { $duration }
status-online-old = En línea, sin posición desde hace { $duration }
status-last-known = Último estado conocido: { $status }
heard-within = en los últimos { $duration }
clock-ahead = Reloj adelantado { $span }
clock-behind = Reloj atrasado { $span }
problem-no-history = No hay posiciones guardadas de este conductor.
problem-history-unavailable = El historial no está disponible por el momento. El seguimiento en vivo continúa.
count-drivers =
    { $count ->
        [one] { $count } conductor
       *[other] { $count } conductores
    }
count-groups =
    { $count ->
        [one] { $count } grupo
       *[other] { $count } grupos
    }
count-positions =
    { $count ->
        [one] { $count } posición
       *[other] { $count } posiciones
    }

## Forms

editor-empty = vacío
editor-conflict =
    { $others ->
        [driver] El conductor u otro usuario cambió «{ $field }» a { $theirs }; usted introdujo { $mine }.
       *[user] Otro usuario cambió «{ $field }» a { $theirs }; usted introdujo { $mine }.
    }
editor-taken =
    { $others ->
        [driver] El conductor u otro usuario cambió «{ $field }» a { $theirs }.
       *[user] Otro usuario cambió «{ $field }» a { $theirs }.
    }
editor-versions = Dos versiones de «{ $field }»
editor-use-theirs = Usar la otra versión
editor-keep-mine = Conservar mi versión
editor-choose =
    { $others ->
        [driver] El conductor u otro usuario cambió este estado. Elija qué versión conservar.
       *[user]
            { $what ->
                [driver] Otro usuario cambió este conductor. Elija qué versión conservar.
                [vehicle] Otro usuario cambió este vehículo. Elija qué versión conservar.
                [notes] Otro usuario cambió estas notas. Elija qué versión conservar.
               *[user] Otro usuario cambió este usuario. Elija qué versión conservar.
            }
    }
editor-choose-first = Elija primero qué versión conservar.
editor-saved =
    { $what ->
        [driver] Se guardó el conductor.
        [vehicle] Se guardó el vehículo.
        [state] Se guardó el estado.
        [notes] Se guardaron las notas.
       *[user] Se guardó el usuario.
    }
editor-deleted =
    { $what ->
        [driver] Otro usuario eliminó este conductor. Lo que introdujo se conserva hasta que cancele.
        [vehicle] Otro usuario eliminó este vehículo. Lo que introdujo se conserva hasta que cancele.
        [state] El conductor u otro usuario eliminó este estado. Lo que introdujo se conserva hasta que cancele.
        [notes] Otro usuario eliminó estas notas. Lo que introdujo se conserva hasta que cancele.
       *[user] Otro usuario eliminó este usuario. Lo que introdujo se conserva hasta que cancele.
    }
copy = Copiar
copied = Copiado
copied-name = Copiado: { $label }.
copy-by-hand = No se puede copiar por HTTP. El texto está seleccionado: cópielo con el teclado.
search = Buscar
search-list = Buscar en: { $list }
no-match = Sin resultados para «{ $text }».
actions = Acciones
chart-bars =
    { $per ->
        [driver] { $name } por conductor, como máximo { $most } ({ $label })
       *[day] { $name } por día, como máximo { $most } ({ $label })
    }
chart-bars-none =
    { $per ->
        [driver] { $name } por conductor: sin datos
       *[day] { $name } por día: sin datos
    }
chart-speed = Velocidad en el tiempo mostrado, como máximo { $speed }
chart-speed-calculated = calculada a partir de las posiciones
chart-speed-gaps =
    { $count ->
        [one] con { $count } tramo sin posiciones
       *[other] con { $count } tramos sin posiciones
    }

## Problems

problem-no-answer = El hub no responde. Compruebe la red e inténtelo de nuevo.
problem-session = Su sesión ha terminado. Inicie sesión de nuevo; lo que introdujo se conserva.
problem-role = Su rol no lo permite. Consulte a un administrador.
problem-deleted = Eliminado por otro usuario.
problem-too-many = Demasiadas solicitudes. Espere un momento e inténtelo de nuevo.
problem-unavailable = El hub no está disponible por el momento. Inténtelo de nuevo en unos segundos.
problem-pattern-id = Use de 1 a 64 letras de la A a la Z, cifras y . _ : - sin espacios.
problem-pattern-line = Use una sola línea de caracteres corrientes.
problem-too-long =
    { $limit ->
        [one] Use como máximo { $limit } carácter.
       *[other] Use como máximo { $limit } caracteres.
    }
problem-too-short =
    { $limit ->
        [one] Use al menos { $limit } carácter.
       *[other] Use al menos { $limit } caracteres.
    }
problem-failed = La solicitud ha fallado.
number-range = Introduzca un número de { $min } a { $max }.
whole-number-range = Introduzca un número entero de { $min } a { $max }.
problem-required = Obligatorio.
problem-too-small = Introduzca al menos { $limit }.
problem-too-large = Introduzca como máximo { $limit }.
problem-not-allowed = Use uno de estos valores: { $allowed }.
