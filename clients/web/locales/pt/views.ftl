## The list of drivers

order-status = Status
order-speed = Velocidade
order-age = Última posição
list-search = Buscar motoristas
list-sort = Ordenar motoristas por
list-none-match = Nenhum motorista corresponde. Limpe a busca ou escolha “Todos”, “Todos os grupos” e “Qualquer estado”.
list-none = Nenhum motorista deu sinal ainda.
list-none-about = Os motoristas aparecem aqui com a sua primeira posição.
list-simulate = Para ver 500 caminhões simulados, execute:
list-connect = { $link }, ou envie posições do seu próprio aplicativo.
list-connect-link = Crie um motorista e conecte um telefone
standing = parado

## The panel of a driver

panel-heading = Direção
panel-accuracy = Precisão
panel-battery = Bateria
panel-altitude = Altitude
panel-driver-id = ID do motorista
follow = Seguir
panel-latest = Posição mais recente
panel-heard = Último sinal
panel-coordinates = Coordenadas
panel-no-position = Sem posição ao vivo. Pode haver histórico abaixo.
panel-clock = { $warning }: o dispositivo envia horas erradas. As idades são corrigidas; o histórico mantém as horas do dispositivo.
coordinates-copied = Coordenadas copiadas.
coordinates-selected = Coordenadas selecionadas. Copie-as com o teclado.
selected = Selecionado

## A day

day-next = Próximo dia
day-previous = Dia anterior
today = Hoje
day-label = Viagens e paradas de um dia
day-field = Dia, na hora de { $zone }
day-zone = Dias e horas de { $zone }.
playback = Reprodução
files-label = Arquivos deste dia
files = Baixar o trajeto
day-loading = Carregando as viagens…
load-track = Carregar trajeto
day-no-trips = Nenhuma viagem em { $day }. Uma viagem precisa de 500 m ou cinco minutos de movimento, a menos que o hub esteja configurado de outra forma.
day-trips =
    { $count ->
        [one] viagem
       *[other] viagens
    }
day-distance = distância
day-moving = em movimento
day-top-speed = velocidade máx.
day-totals = Totais do dia
day-stop = Parada, { $duration }
day-away = Nenhuma viagem por { $duration }; a seguinte começou a { $distance }
day-trip-carried = Viagem do dia anterior
day-trip = Viagem { $number }
day-trip-under-way = { $name }, em andamento
day-trip-figures = { $distance } · { $duration } · máx. { $speed }
day-no-more-yet = Nenhuma outra viagem até agora.
day-no-more = Nenhuma outra viagem neste dia.
day-trip-shown = O mapa mostra a viagem a partir das { $time }.
track-loading = Carregando o trajeto…
track-loading-count = Carregando o trajeto… { $positions }
track-loaded = Trajeto carregado: { $positions }.
track-none = Nenhuma posição em { $day }.
file-loading = Carregando o arquivo { $format }…
file-saved = Arquivo { $format } salvo.

## The player

player-speed = Velocidade de reprodução
player-time = Hora da reprodução
player-scale = velocidade até { $speed }
player-scale-calculated = velocidade, calculada a partir das posições, até { $speed }
player-pause = Pausar
player-finished = Reprodução terminada.
player-again = Reproduzir de novo
player-play = Reproduzir
player-silent = nenhuma posição por { $duration }
player-trip = viagem { $number }
player-stop = parada, { $duration }
player-bound = Este dia tem mais de { $count }. Posições depois das { $time } não são mostradas aqui; os arquivos contêm todas.
player-gaps = Lacunas de mais de { $duration } são tracejadas, e o marcador espera.
player-rate = { $rate }×

## Analytics

figure-distance = Distância
figure-trips = Viagens
figure-moving-time = Tempo em movimento
figure-active-drivers = Motoristas ativos
figure-average-speed = Velocidade média
figure-top-speed = Velocidade máxima
figures-loading = Carregando os números…
figures-loading-count =
    { $count ->
        [one] Carregando os números… { $count } linha
       *[other] Carregando os números… { $count } linhas
    }
figures-loaded = Números carregados: { $drivers }.
figures-days = Dias a mostrar
figures-to = até
figures-zone = Os dias são os do fuso horário { $zone }. Uma viagem conta para o dia em que começou.
figures-drivers-caption = Números de cada motorista; os títulos das colunas ordenam
figures-all-drivers =
    { $count ->
        [one] { $count } motorista
       *[other] Todos os { $count } motoristas
    }
figures-each-driver = Números de cada motorista
figures-drivers-shown = São mostrados { $shown } de { $count } motoristas.
figures-at-most = no máximo { $value }
figures-bound = Dias e motoristas demais para uma página: as tabelas e o arquivo contêm as primeiras { $count } linhas. Escolha menos dias para ver todas.
figures-none-day = Nenhuma viagem em { $day }.
figures-none-days = Nenhuma viagem de { $from } a { $to }.
figures-none-about = Os números são calculados a partir das viagens, e uma viagem precisa de 500 m ou cinco minutos de movimento (a menos que o hub esteja configurado de outra forma). Um motorista parado não tem nenhuma. Posições que chegam tarde contam para o dia em que foram registradas.
figures-none-advice = Escolha outros dias ou confira o mapa.
figures-fleet-caption = Números da frota, por dia
figures-fleet = A frota, dia a dia
figures-need-days = Escolha um primeiro e um último dia.
figures-too-many-days = No máximo { $count } dias podem ser mostrados de uma vez.
