manage = Gestión
manage-title = Gestionar la flota
vehicles = Vehículos
users = Usuarios
share-links = Enlaces compartidos
api-keys = Claves de API
role-admin = Administrador
role-dispatcher = Despachador
role-driver = Conductor
role-gateway = Pasarela
role-dispatcher-about = Despachador: observa la flota y comparte conductores
role-admin-about = Administrador: además gestiona la flota
role-key-dispatcher-about = Despachador: lee la flota y comparte conductores
role-gateway-about = Pasarela: envía posiciones de todos los conductores

## Drivers and vehicles

groups-hint = Nombres separados por comas, por ejemplo furgonetas, norte. La lista y el mapa se pueden filtrar por ellos.
phone-number = Número de teléfono
driver-stale-after = Sin señal tras segundos
driver-stale-after-hint = Sin señales de vida; de 5 a 604800. Déjelo vacío para usar el ajuste del hub.
driver-offline-after = Desconectado tras segundos
driver-offline-after-hint = Más que los segundos tras los que está sin señal. Déjelo vacío para usar el ajuste del hub.
driver-id-hint = Se forma a partir del nombre; puede cambiarlo ahora, pero no después. Teléfonos, programas y enlaces nombran así al conductor, por ejemplo camion-17.
drivers-empty = Aún no hay conductores. Cree uno y conecte después un teléfono.
driver-active = Activo
driver-phones = Teléfonos
driver-phones-of = Teléfonos de { $name }
driver-history = Historial
driver-history-of = Historial de { $name }
driver-share = Compartir
driver-share-name = Compartir { $name }
enable-name = Activar { $name }
disable-name = Desactivar { $name }
is-disabled = { $name }: desactivado.
is-enabled = { $name }: activado.
disable-title = ¿Desactivar { $name }?
driver-disable-about = Las posiciones de los teléfonos del conductor se rechazan en segundos, hasta que lo active de nuevo.
driver-delete-about = Sus teléfonos se rechazan y sus enlaces compartidos terminan. Su historial se conserva.
driver-new = Nuevo conductor
id = ID
vehicle-plate = Matrícula
vehicle-type = Tipo
vehicle-type-hint = Por ejemplo, furgoneta.
vehicle-driver-hint = Déjelo vacío si no tiene conductor.
vehicles-empty = Aún no hay vehículos. Cree uno y asígnele después un conductor.
vehicle = Vehículo
vehicle-no-driver = Ninguno
vehicle-delete-about = Su conductor se conserva, sin vehículo.
vehicle-id-hint = Su propio número de vehículo, por ejemplo furgon-7. No se puede cambiar después.
vehicle-new = Nuevo vehículo
driver-state-of = Estado de { $name }
driver-state-none = Sin definir
driver-change-state = Cambiar estado
driver-connect = Conectar un teléfono
retention-hint = Meses completos además del actual; 0 lo conserva todo. Déjelo vacío para usar el ajuste del hub.
retention-hint-usual = Meses completos además del actual; 0 lo conserva todo. Déjelo vacío para usar el ajuste del hub, { $months }.
retention-months = Meses de historial
retention-saved = Se guardó el ajuste del historial.
unregistered-about = Envían posiciones con un identificador que ningún conductor registrado tiene. Registre los que pertenezcan a la flota.
unregistered = Sin registrar: { $count }
unregistered-more =
    { $count ->
        [one] Hay { $count } más que no aparece aquí.
       *[other] Hay { $count } más que no aparecen aquí.
    }
register = Registrar
register-name = Registrar { $name }
registered = { $name }: registrado.
import-title =
    { $what ->
        [vehicle] Importar vehículos
       *[driver] Importar conductores
    }
import-csv = Importar CSV
export-csv = Exportar CSV
import-not-utf8 = El archivo no es UTF-8. Guárdelo como «CSV UTF-8» y elíjalo de nuevo.
import-unreadable = El archivo ha cambiado o no se puede leer. Elíjalo de nuevo.
import-nothing = No cambiaría nada.
import-problem = { $place }: { $problem }
import-correct = No se guardó nada. Corrija el archivo y elíjalo de nuevo.
import = Importar
import-columns = La primera línea del archivo nombra sus columnas: { $columns }. Solo la primera es necesaria.
import-about = Los identificadores conocidos se cambian; los demás se crean. Un campo sin columna se conserva; una celda vacía vacía su campo.
import-file = Archivo CSV
import-sums = Nuevos: { $created }, cambiados: { $changed }, sin cambios: { $unchanged }
sentence = { $text }.

## Phones

phone-open = Este hub es abierto: no hace falta un token de teléfono, y cualquier teléfono que lo alcance puede enviar posiciones. Introduzca esta URL en la app:
phone-open-local = Ningún teléfono alcanza esta URL: a un hub abierto solo se llega desde este equipo. Para teléfonos, inicie el hub con HUB_JWT_SECRET=auto y HUB_HOST=0.0.0.0.
phone-url = URL para la app
phone = Teléfono
phone-hint = Un nombre para la lista de abajo, por ejemplo: Samsung, turno de día.
phone-none = No hay tokens de teléfono.
phone-unnamed = Teléfono sin nombre
phone-since = { $name } · desde { $time }
phone-revoke-about = El teléfono se rechaza en segundos.
phone-qr = Código QR de la URL
phone-once = Se muestra solo una vez. Escanéela o cópiela ahora. Quien tenga esta URL puede enviar posiciones como este conductor.
phone-create = Crear token de teléfono
phone-tokens = Tokens de teléfono
phone-unreachable = La URL nombra este equipo, así que ningún teléfono puede alcanzarla. Abra esta página con una dirección que los teléfonos alcancen, o defina HUB_PUBLIC_URL, y cree de nuevo el token de teléfono.
phone-private = Solo los teléfonos de esta red alcanzan la URL: su dirección es privada.
phone-traccar = { $app } introduzca la URL de arriba como URL del servidor e inicie el servicio.
phone-owntracks = { $app } ponga el modo en HTTP e introduzca la URL de arriba como URL, sin cifrado.
phone-both = Ambas:
phone-both-about = { $both } permita siempre el acceso a la ubicación y excluya la app del ahorro de batería.
revoke = Revocar
revoke-name = Revocar { $name }
revoke-title = ¿Revocar { $name }?
is-revoked = { $name }: revocado.

## Share links

share-hour = 1 hora
share-hours-4 = 4 horas
share-hours-12 = 12 horas
share-day = 1 día
share-week = 1 semana
share-custom = Otro final
share-name = Nombre que ven los destinatarios
share-name-hint = Se muestra en lugar del ID del conductor.
share-until = Hasta
share-until-hint = En su zona horaria, como máximo una semana desde ahora.
share-need-time = Elija una fecha y una hora.
share-link = Enlace compartido
share-create = Crear enlace compartido
share-nearby = coches cercanos
share-end-title = ¿Terminar el enlace compartido { $name }?
share-end-about = El enlace deja de funcionar al instante.
share-end-link = Terminar enlace compartido
share-ended = Enlace compartido terminado.
share-line-driver = { $name } ({ $driver }) · hasta { $time }
share-line = { $name } · hasta { $time }
share-end = Terminar
share-end-name = Terminar el enlace compartido { $name }

## Users and API keys

users-empty = No hay usuarios.
user = Usuario
user-you = { $name } (usted)
user-invited = Invitación pendiente
user-active = Activo
user-role-of = Cambiar el rol de { $name }
user-reset = Restablecer contraseña
user-reset-of = Restablecer la contraseña de { $name }
user-reset-title = ¿Restablecer la contraseña de { $name }?
user-reset-about = La contraseña anterior y todas las sesiones de este usuario terminan al instante.
user-disable-about = Todas las sesiones de este usuario terminan en segundos.
user-delete-about = Todas las sesiones de este usuario terminan.
user-name = Nombre de usuario
user-new = Nuevo usuario
user-password-of = Contraseña de { $name }
user-password-once = Se muestra solo una vez y vale para un inicio de sesión, en el que el usuario elige una contraseña nueva. Entréguesela al usuario en persona.
user-password = Contraseña de un solo uso
key-until-revoked = Hasta que se revoque
key-days-30 = 30 días
key-days-90 = 90 días
key-year = 1 año
keys-empty = No hay claves de API.
key = Clave
key-prefix = Empieza por
key-last-used = Último uso
key-expires = Caduca
key-expired = Caducada
key-revoke-about = El programa se rechaza en segundos.
key-name-hint = El programa que usa la clave, por ejemplo: ERP, facturación.
key-new = Nueva clave de API
key-of = Clave de API de { $name }
key-once = Se muestra solo una vez. Cópiela ahora y guárdela como un secreto del programa.
api-key = Clave de API
