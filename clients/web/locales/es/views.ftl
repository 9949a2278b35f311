## The list of drivers

order-status = Conexión
order-speed = Velocidad
order-age = Última posición
list-search = Buscar conductores
list-sort = Ordenar conductores por
list-none-match = Ningún conductor coincide. Borre la búsqueda o elija «Todos», «Todos los grupos» y «Cualquier estado».
list-none = Ningún conductor ha enviado datos todavía.
list-none-about = Los conductores aparecen aquí con su primera posición.
list-simulate = Para ver 500 camiones simulados, ejecute:
list-connect = { $link }, o envíe posiciones desde su propia app.
list-connect-link = Cree un conductor y conecte un teléfono
standing = parado

## The panel of a driver

panel-heading = Rumbo
panel-accuracy = Precisión
panel-battery = Batería
panel-altitude = Altitud
panel-driver-id = ID de conductor
follow = Seguir
panel-latest = Última posición
panel-heard = Última señal
panel-coordinates = Coordenadas
panel-no-position = Sin posición en vivo. Puede haber historial más abajo.
panel-clock = { $warning }: el dispositivo envía horas equivocadas. Las antigüedades están corregidas; el historial conserva las horas del dispositivo.
coordinates-copied = Coordenadas copiadas.
coordinates-selected = Coordenadas seleccionadas. Cópielas con el teclado.
selected = Seleccionado

## A day

day-next = Día siguiente
day-previous = Día anterior
today = Hoy
day-label = Viajes y paradas de un día
day-field = Día, en la hora de { $zone }
day-zone = Días y horas de { $zone }.
playback = Reproducción
files-label = Archivos de este día
files = Descargar el recorrido
day-loading = Cargando los viajes…
load-track = Cargar recorrido
day-no-trips = Sin viajes el { $day }. Un viaje necesita 500 m o cinco minutos de movimiento, salvo que el hub esté configurado de otro modo.
day-trips =
    { $count ->
        [one] viaje
       *[other] viajes
    }
day-distance = distancia
day-moving = en marcha
day-top-speed = velocidad máxima
day-totals = Totales del día
day-stop = Parada, { $duration }
day-away = Sin viaje durante { $duration }; el siguiente empezó a { $distance }
day-trip-carried = Viaje del día anterior
day-trip = Viaje { $number }
day-trip-under-way = { $name }, en curso
day-trip-figures = { $distance } · { $duration } · máx. { $speed }
day-no-more-yet = Por ahora no hay más viajes.
day-no-more = No hay más viajes en este día.
day-trip-shown = El mapa muestra el viaje desde las { $time }.
track-loading = Cargando el recorrido…
track-loading-count = Cargando el recorrido… { $positions }
track-loaded = Recorrido cargado: { $positions }.
track-none = Sin posiciones el { $day }.
file-loading = Cargando el archivo { $format }…
file-saved = Archivo { $format } guardado.

## The player

player-speed = Velocidad de reproducción
player-time = Hora de la reproducción
player-scale = velocidad hasta { $speed }
player-scale-calculated = velocidad, calculada a partir de las posiciones, hasta { $speed }
player-pause = Pausar
player-finished = Reproducción terminada.
player-again = Reproducir de nuevo
player-play = Reproducir
player-silent = sin posiciones durante { $duration }
player-trip = viaje { $number }
player-stop = parada, { $duration }
player-bound = Este día tiene más de { $count }. Las posiciones posteriores a las { $time } no se muestran aquí; los archivos las contienen todas.
player-gaps = Los huecos de más de { $duration } son discontinuos, y el marcador espera.
player-rate = { $rate }×

## Analytics

figure-distance = Distancia
figure-trips = Viajes
figure-moving-time = Tiempo en marcha
figure-active-drivers = Conductores activos
figure-average-speed = Velocidad media
figure-top-speed = Velocidad máxima
figures-loading = Cargando las cifras…
figures-loading-count =
    { $count ->
        [one] Cargando las cifras… { $count } fila
       *[other] Cargando las cifras… { $count } filas
    }
figures-loaded = Cifras cargadas: { $drivers }.
figures-days = Días que se muestran
figures-to = hasta
figures-zone = Los días son los de la zona horaria { $zone }. Un viaje cuenta para el día en que empezó.
figures-drivers-caption = Cifras de cada conductor; los encabezados de las columnas ordenan
figures-all-drivers =
    { $count ->
        [one] { $count } conductor
       *[other] Los { $count } conductores
    }
figures-each-driver = Cifras de cada conductor
figures-drivers-shown = Se muestran { $shown } de { $count } conductores.
figures-at-most = como máximo { $value }
figures-bound = Demasiados días y conductores para una página: las tablas y el archivo contienen las primeras { $count } filas. Elija menos días para verlas todas.
figures-none-day = Sin viajes el { $day }.
figures-none-days = Sin viajes del { $from } al { $to }.
figures-none-about = Las cifras se calculan a partir de los viajes, y un viaje necesita 500 m o cinco minutos de movimiento (salvo que el hub esté configurado de otro modo). Un conductor parado no tiene ninguno. Las posiciones que llegan tarde cuentan para el día en que se tomaron.
figures-none-advice = Elija otros días, o compruebe el mapa.
figures-fleet-caption = Cifras de la flota, por día
figures-fleet = La flota, día a día
figures-need-days = Elija un primer y un último día.
figures-too-many-days = Se pueden mostrar como máximo { $count } días a la vez.
