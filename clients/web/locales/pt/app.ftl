## The page

page-title = Frota · Location hub
skip = Ir para o conteúdo
fleet = Frota
views = Telas
side = Motoristas, alertas e zonas
map = Mapa
details = Detalhes
needs-javascript = Esta página precisa de JavaScript para mostrar a frota ao vivo.

## Language and units

settings = Idioma e unidades
settings-language = Idioma
settings-browser = Como no navegador ({ $usual })
settings-units = Distâncias e velocidades
settings-units-hint = Os arquivos e a API mantêm metros e segundos.
settings-usual = Como é usual na sua região
settings-usual-day = Como é usual na sua região ({ $day })
settings-metric = Quilômetros e metros
settings-miles = Milhas e pés
settings-clock = Horas do dia
settings-clock-24 = 24 horas
settings-clock-12 = 12 horas
settings-week = Primeiro dia da semana
settings-no-storage = O navegador não deixa esta página salvar configurações. Permita isso nas configurações dele.

## Start, views and session

theme-dark = Escuro
theme-light = Claro
theme-change-dark = Mudar para cores escuras
theme-change-light = Mudar para cores claras
try-again = Tentar de novo
disconnected = Desconectado
api-no-answer = O hub não responde.
api-log-in = Entre de novo.
api-role = Sua função não permite isso.
api-not-found = Não encontrado. Pode ter sido excluído.
api-taken = Já está em uso.
api-changed = Alterado por outro usuário nesse meio-tempo.
api-too-large = A solicitação é grande demais.
api-invalid = Entrada inválida: { $detail }.
api-error = Erro: { $detail }.
analytics = Análises
view-not-loaded = Não foi possível carregar esta tela. Recarregue a página: o hub pode ter sido atualizado.
view-not-installed = Esta tela precisa de pacotes que não puderam ser baixados quando o hub foi instalado. Reinstale o hub com acesso à rede.
logged-out-elsewhere = Você saiu em outra aba.
session-ended = Sua sessão terminou. Entre de novo.
live = Ao vivo
connecting = Conectando…
reconnecting = Reconectando…
reconnecting-since = Reconectando · dados de há { $duration }
stale-since = Sem dados há { $duration }
disconnected-reason = Desconectado: { $reason }. Recarregue a página para reconectar.
open-hub = Hub aberto: não é preciso entrar
open-hub-title = Nenhum segredo está configurado (HUB_JWT_SECRET).
log-out = Sair
log-out-failed = Não foi possível sair; você continua conectado. { $reason }
password-new = Nova senha
password-hint = Pelo menos 10 caracteres. Algumas palavras são fáceis de lembrar.
password-again = Repetir a nova senha
password-once = Esta é uma senha de uso único. Escolha uma nova senha.
log-in = Entrar
passwords-differ = As senhas não são iguais.
logging-in = Entrando…
password-choose = Escolha uma nova senha.
password-wrong = Nome de usuário ou senha incorretos.
log-in-too-often = Tentativas demais. Tente de novo em { $duration }.
log-in-unavailable = Não é possível entrar no momento. Tente de novo em alguns segundos.
side-label = Ao lado do mapa
alerts-waiting =
    { $count ->
        [one] Alertas, { $count } alerta aberto não confirmado
       *[other] Alertas, { $count } alertas abertos não confirmados
    }
all = Todos
summary-label = Mostrar motoristas com o status
filter-group = Mostrar motoristas do grupo
filter-state = Mostrar motoristas com o estado
filter-said = Motoristas, mapa e alertas estão filtrados.
filter-any-state = Qualquer estado
