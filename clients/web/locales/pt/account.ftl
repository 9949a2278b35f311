## The user's own account, and logins with a provider

account = Conta
account-open-hub = Este hub é aberto: não tem contas.
account-connected-now = Sua conta está conectada a { $provider }.
account-user = Usuário: { $name }
password-change = Mudar a senha
password-about = Uma senha nova encerra as suas outras sessões.
password-current = Senha atual
password-changed = A senha foi mudada e as suas outras sessões foram encerradas.
factor-on = Ligado. Códigos de recuperação restantes: { $count }.
factor-off = Desligado. Com ele, um login com senha também precisa de um código de um aplicativo autenticador.
factor-of-provider = Os logins com { $provider } têm o segundo fator do provedor.
factor-switch-off = Desligar o segundo fator
factor-set-up-verb = Configurar
factor-set-up = Configurar o segundo fator
factor = Segundo fator
factor-required = Este hub o exige.
account-connected = Conectada: você pode entrar com { $provider }.
account-not-connected = Não conectada. Conecte-a para entrar com { $provider }.
account-connect-verb = Conectar
account-connect = Conectar a conta a { $provider }
password-enter-again = Digite sua senha de novo.
continue = Continuar
factor-is-on = O segundo fator está ligado.
factor-is-off = O segundo fator está desligado.
connect-to = Conectar a { $provider }
code-wrong = Código errado ou já usado.
password-is-wrong = Senha errada.
code-enter = Digite o código do seu aplicativo autenticador.
factor-hub-requires = Este hub exige um segundo fator.
log-in-with = Entrar com { $provider }
log-in-once = Entrar com uma senha de uso único
code = Código
code-hint = Os seis dígitos que o seu aplicativo autenticador mostra, ou um código de recuperação.
factor-scan = Escaneie este código com um aplicativo autenticador, ou digite a chave nele. Depois digite o código que o aplicativo mostra.
factor-qr = Código QR da chave
factor-key = Chave para o aplicativo
recovery-codes = Códigos de recuperação
recovery-codes-about = Mostrados só uma vez. Cada código substitui uma vez um código do aplicativo, para o dia em que o telefone for perdido. Guarde-os longe do telefone.
login-expired = O login demorou demais ou foi iniciado em outra janela. Tente de novo.
login-cancelled = O login com { $provider } foi cancelado.
login-refused = A resposta de { $provider } foi recusada. Tente de novo; se acontecer outra vez, avise o seu administrador: o log do hub tem o motivo.
login-provider-silent = { $provider } não responde. Tente mais tarde ou entre com uma senha.
login-limit = Tentativas demais. Tente de novo em alguns minutos.
login-unknown = Sua conta em { $provider } não está conectada a um usuário. Entre com uma senha e conecte-a em “Conta”, ou fale com um administrador.
login-not-admitted = Sua conta em { $provider } não tem função neste hub. Fale com um administrador.
login-name-taken = Existe um usuário com o seu nome. Se for seu, entre com a senha e conecte a conta em “Conta”.
login-disabled = Seu usuário está desativado. Fale com um administrador.
login-last-admin = { $provider } tiraria a função do último administrador. Torne antes outro usuário administrador.
login-other-user = Esta conta em { $provider } está conectada a outro usuário.
login-session-ended = Sua sessão terminou enquanto a conta era conectada. Entre e tente de novo.
user-login = Login
user-provider = Provedor
user-remove-factor = Remover segundo fator
user-remove-factor-of = Remover o segundo fator de { $name }
user-remove-factor-title = Remover o segundo fator de { $name }?
user-remove-factor-about = Então basta a senha.
user-factor-removed = Segundo fator de { $name } removido.
user-disconnect = Desconectar
user-disconnect-name = Desconectar { $name } do provedor
user-disconnect-title = Desconectar { $name } do provedor?
user-disconnected = { $name }: desconectado.
kiosk-reconnecting = Reconectando
kiosk-stale-since = Sem dados · de há { $duration }
offline-positions = Off-line. Posições de { $time }.
offline-delete = Excluir estas posições
update-reload = Recarregar para a nova versão
update-ready = Uma nova versão desta página está pronta.
sheet-low = O mapa ocupa a janela inteira.
sheet-half = Mapa e lista.
sheet-full = A lista ocupa a janela.
sheet-show = Mostrar a lista
sheet-enlarge = Aumentar a lista
sheet-hide = Ocultar a lista
open-in-app = Aplicativo deste dispositivo
open-in = Abrir em…
playback-at = A reprodução está em { $time }.
day-from-to = { $from } → { $to }
notes-edit = Editar notas
photo = Foto
photo-change = Mudar a foto
details-label = Motorista e veículo
details-unread = Não foi possível ler as notas e a foto. { $reason }
notes-add = Adicionar notas
photo-of = Foto de { $name }
notes = Notas
notes-about = Notas sobre { $name }
photo-file = Imagem
photo-file-hint = É reduzida a 512 pixels. O lugar e o dispositivo da foto não são enviados.
photo-choose = Escolha uma imagem.
photo-unreadable = Este navegador não consegue ler o arquivo como imagem.
photo-saved = A foto foi salva.
photo-deleted = A foto foi excluída.
photo-delete = Excluir a foto
list-search-labels = Buscar motoristas por nome, ID, telefone ou veículo
list-search-title = Nome, ID, número de telefone, ou placa, nome e tipo do veículo
panel-place = Lugar

## Share links to several drivers

share-several = Compartilhar um grupo ou vários motoristas
share-chosen-drivers = Motoristas escolhidos
share-group-hint = O link mostra os motoristas que estão no grupo a cada momento.
share-ids-hint = IDs de motoristas separados por vírgulas.
share-show-names = Mostrar os nomes dos motoristas
share-need-driver = Digite pelo menos um ID de motorista.
share-several-hint = O título da página.
share-none-of =
    { $of ->
        [several] Nenhum link de compartilhamento para grupos e vários motoristas.
       *[driver] Nenhum link de compartilhamento para este motorista.
    }
share-once-of =
    { $of ->
        [several] Mostrado só uma vez. Quem tiver este link vê as posições ao vivo destes motoristas até { $time }.
       *[driver] Mostrado só uma vez. Quem tiver este link vê a posição ao vivo do motorista até { $time }.
    }
share-links-of =
    { $of ->
        [several] Links de compartilhamento de grupos e de vários motoristas
       *[driver] Links de compartilhamento deste motorista
    }
share-none-at-all = Nenhum link de compartilhamento. Abra um motorista, ou escolha “Compartilhar grupo” acima da lista de motoristas, para criar um.
share-group-button = Compartilhar grupo
share-group = grupo { $group }
shared-locations = Localizações compartilhadas
shared-locations-over = Este link de compartilhamento expirou ou foi encerrado.
shared-locations-lost = Conexão perdida. As últimas posições conhecidas são mostradas. Reconectando…
shared-locations-none = Ainda não há posições. Elas aparecem aqui quando forem recebidas.
shared-locations-ended = Compartilhamento encerrado
shared-lost-newest = Conexão perdida · posição mais recente { $age }
shared-some = { $shown } de { $drivers }
shared-online = { $count } on-line
shared-newest = posição mais recente { $age }
shared-map-title = Mapa das localizações compartilhadas
shared-no-map = O mapa não pode ser mostrado.
share-several-needs-javascript = Esta página precisa de JavaScript para mostrar as localizações compartilhadas.

## The search on the map, places, and its tools

finder-coordinates = Coordenadas
finder-address = Endereço
finder = Buscar no mapa
finder-search = Buscar lugares
finder-label = Buscar lugares, coordenadas, motoristas e zonas
finder-results = Resultados
finder-addresses = Buscar endereços para “{ $text }”
finder-searching = Buscando endereços…
finder-count =
    { $count ->
        [one] { $count } resultado. Escolha com as teclas de seta.
       *[other] { $count } resultados. Escolha com as teclas de seta.
    }
finder-nothing = Nada encontrado para “{ $text }”.
finder-shown = O mapa mostra { $name }.
finder-found = Encontrado: { $name }
place-in-country = { $name }, { $country }
place-near = { $distance } a { $wind } de { $name }
map-places-by = Nomes de lugares: { $source }
own-position-denied = Esta página não pode ler a sua posição. Permita no navegador; também é preciso HTTPS.
own-position-unknown = Este dispositivo não conhece a sua posição.
own-position-late = Sua posição não foi encontrada a tempo. Tente de novo.
ruler = Medir uma distância
ruler-remove-last = Remover o último
ruler-done = Pronto
ruler-drawing = Termine de desenhar antes de medir.
ruler-ended = Medição terminada.
ruler-first = Clique no primeiro ponto, ou pressione Enter para o meio do mapa.
ruler-next = Clique no próximo ponto.
ruler-over = com { $count } pontos
own-position = Encontrar minha localização
own-position-unavailable = Localização indisponível
map-attribution = Mostrar ou ocultar as fontes
vehicle-truck = Caminhão
vehicle-van = Van
vehicle-bus = Ônibus
vehicle-car = Carro
vehicle-motorcycle = Motocicleta
vehicle-bicycle = Bicicleta
vehicle-foot = A pé
