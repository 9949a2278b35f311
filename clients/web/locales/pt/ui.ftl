### Portuguese, in the spelling and words of Brazil. One word for each thing:
### alert = alerta; alarm (of a device) = alarme; channel = canal; driver = motorista; fence = zona; hub = hub; log of a
### channel = registro; phone token = token de telefone; position = posição; rule = regra; share link = link de
### compartilhamento; stop = parada; track = trajeto; trip = viagem; visit = visita

## Words of several parts of the page

save = Salvar
create = Criar
cancel = Cancelar
close = Fechar
edit = Editar
delete = Excluir
retry = Tentar de novo
show-more = Mostrar mais
loading = Carregando…
never = Nunca
disabled = Desativado
enable = Ativar
disable = Desativar
switch-off = Desligar
switch-on = Ligar
column-name = Nome
column-kind = Tipo
column-state = Estado
column-driver = Motorista
column-channel = Canal
channels = Canais
groups = Grupos
drivers = Motoristas
time-zone = Fuso horário
severity = Gravidade
valid-for = Válido por
role = Função
saved = { $name }: salvo.
created = { $name }: criado.
deleted = { $name }: excluído.
edit-name = Editar { $name }
delete-name = Excluir { $name }
delete-title = Excluir { $name }?
ids-hint = IDs de motoristas separados por vírgulas; digite um ID ou um nome para escolher. Vazio: todos os motoristas.
send-to = Enviar para

## Numbers, times and states

duration-seconds = { $value } s
duration-minutes = { $value } min
duration-hours = { $value } h
duration-hours-minutes = { $hours } h { $minutes } min
duration-days =
    { $value ->
        [one] { $value } dia
       *[other] { $value } dias
    }
duration-milliseconds = { $value } ms
duration-ago = há { $duration }
age-now = agora mesmo
age-seconds = há { $value } s
age-minutes = há { $value } min
age-hours = há { $value } h
age-days =
    { $value ->
        [one] há { $value } dia
       *[other] há { $value } dias
    }
wind-north = norte
wind-north-east = nordeste
wind-east = leste
wind-south-east = sudeste
wind-south = sul
wind-south-west = sudoeste
wind-west = oeste
wind-north-west = noroeste
heading = { $wind }, { $degrees }°
state-free = Livre
state-busy = Ocupado
state-off-duty = Fora de serviço
within-distance = com margem de { $distance }
share-percent = { $value }%
status-online = On-line
status-stale = Sem sinal
status-offline = Off-line
status-stale-for = Sem sinal há { $duration }
status-offline-for = Off-line: sem sinal há { $duration }
status-online-old = On-line, sem posição há { $duration }
status-last-known = Último estado conhecido: { $status }
heard-within = nos últimos { $duration }
clock-ahead = Relógio adiantado { $span }
clock-behind = Relógio atrasado { $span }
problem-no-history = Nenhuma posição salva para este motorista.
problem-history-unavailable = O histórico está indisponível no momento. O acompanhamento ao vivo continua.
count-drivers =
    { $count ->
        [one] { $count } motorista
       *[other] { $count } motoristas
    }
count-groups =
    { $count ->
        [one] { $count } grupo
       *[other] { $count } grupos
    }
count-positions =
    { $count ->
        [one] { $count } posição
       *[other] { $count } posições
    }

## Forms

editor-empty = vazio
editor-conflict =
    { $others ->
        [driver] O motorista ou outro usuário mudou “{ $field }” para { $theirs }; você digitou { $mine }.
       *[user] Outro usuário mudou “{ $field }” para { $theirs }; você digitou { $mine }.
    }
editor-taken =
    { $others ->
        [driver] O motorista ou outro usuário mudou “{ $field }” para { $theirs }.
       *[user] Outro usuário mudou “{ $field }” para { $theirs }.
    }
editor-versions = Duas versões de “{ $field }”
editor-use-theirs = Usar a outra versão
editor-keep-mine = Manter a minha versão
editor-choose =
    { $others ->
        [driver] O motorista ou outro usuário mudou este estado. Escolha qual versão manter.
       *[user]
            { $what ->
                [driver] Outro usuário mudou este motorista. Escolha qual versão manter.
                [vehicle] Outro usuário mudou este veículo. Escolha qual versão manter.
                [notes] Outro usuário mudou estas notas. Escolha qual versão manter.
               *[user] Outro usuário mudou este usuário. Escolha qual versão manter.
            }
    }
editor-choose-first = Escolha primeiro qual versão manter.
editor-saved =
    { $what ->
        [driver] O motorista foi salvo.
        [vehicle] O veículo foi salvo.
        [state] O estado foi salvo.
        [notes] As notas foram salvas.
       *[user] O usuário foi salvo.
    }
editor-deleted =
    { $what ->
        [driver] Outro usuário excluiu este motorista. O que você digitou é mantido até cancelar.
        [vehicle] Outro usuário excluiu este veículo. O que você digitou é mantido até cancelar.
        [state] O motorista ou outro usuário excluiu este estado. O que você digitou é mantido até cancelar.
        [notes] Outro usuário excluiu estas notas. O que você digitou é mantido até cancelar.
       *[user] Outro usuário excluiu este usuário. O que você digitou é mantido até cancelar.
    }
copy = Copiar
copied = Copiado
copied-name = Copiado: { $label }.
copy-by-hand = Não é possível copiar por HTTP. O texto está selecionado: copie-o com o teclado.
search = Buscar
search-list = Buscar em: { $list }
no-match = Nenhum resultado para “{ $text }”.
actions = Ações
chart-bars =
    { $per ->
        [driver] { $name } por motorista, no máximo { $most } ({ $label })
       *[day] { $name } por dia, no máximo { $most } ({ $label })
    }
chart-bars-none =
    { $per ->
        [driver] { $name } por motorista: nenhum valor
       *[day] { $name } por dia: nenhum valor
    }
chart-speed = Velocidade no período mostrado, no máximo { $speed }
chart-speed-calculated = calculada a partir das posições
chart-speed-gaps =
    { $count ->
        [one] com { $count } trecho sem posições
       *[other] com { $count } trechos sem posições
    }

## Problems

problem-no-answer = O hub não responde. Verifique a rede e tente de novo.
problem-session = Sua sessão terminou. Entre de novo; o que você digitou é mantido.
problem-role = Sua função não permite isso. Fale com um administrador.
problem-deleted = Excluído por outro usuário.
problem-too-many = Solicitações demais. Espere um momento e tente de novo.
problem-unavailable = O hub está indisponível no momento. Tente de novo em alguns segundos.
problem-pattern-id = Use de 1 a 64 letras de A a Z, dígitos e . _ : - sem espaços.
problem-pattern-line = Use uma única linha de caracteres comuns.
problem-too-long =
    { $limit ->
        [one] Use no máximo { $limit } caractere.
       *[other] Use no máximo { $limit } caracteres.
    }
problem-too-short =
    { $limit ->
        [one] Use pelo menos { $limit } caractere.
       *[other] Use pelo menos { $limit } caracteres.
    }
problem-failed = A solicitação falhou.
number-range = Digite um número de { $min } a { $max }.
whole-number-range = Digite um número inteiro de { $min } a { $max }.
problem-required = Obrigatório.
problem-too-small = Digite pelo menos { $limit }.
problem-too-large = Digite no máximo { $limit }.
problem-not-allowed = Use um destes valores: { $allowed }.
