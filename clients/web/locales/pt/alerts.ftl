## Rules

rule-kind-fence-entered = entra em uma zona
rule-kind-fence-exited = sai de uma zona
rule-kind-fence-crossed = atravessa uma zona
rule-kind-fence-dwelled = permanece em uma zona
rule-kind-fence-inside = está em uma zona quando o horário começa
rule-kind-fence-outside = está fora de uma zona quando o horário começa
rule-kind-overspeed = dirige rápido demais
rule-kind-stopped = fica parado tempo demais
rule-kind-offline = não envia nada
rule-kind-battery = está com bateria fraca
rule-kind-alarm = envia um alarme
rule-kind-trip-started = começa uma viagem
rule-kind-trip-ended = termina uma viagem
rule-kind-maintenance = precisa de manutenção
severity-info = Informação
severity-warning = Aviso
severity-critical = Crítica
alert-open = Aberto
alert-resolved = Encerrado
alert-corrected = Não aconteceu
alert-acknowledged = confirmado
alert-held-late = não enviado: chegou tarde demais
alert-held-cooldown = não enviado: dentro da pausa da regra
alert-held-digest = espera um resumo
alert-held-other = não enviado: { $reason }
rule-dwell = Minutos na zona
rule-dwell-hint = Deixe vazio para usar o tempo de permanência da zona.
rule-speed-limit = Limite de velocidade em { $unit }
rule-seconds-above = Segundos acima dele
rule-standing = Minutos parado
rule-silent = Minutos sem posição
rule-battery-below = Carga em % em que começa
rule-battery-above = Carga em % em que termina
rule-distance-between =
    { $unit ->
        [mi] Milhas entre duas manutenções
       *[km] Quilômetros entre duas manutenções
    }
rule-distance-hint = Deixe vazio para contar só os dias.
rule-distance-before =
    { $unit ->
        [mi] Milhas rodadas antes
       *[km] Quilômetros rodados antes
    }
rule-days-between = Dias entre duas manutenções
rule-days-hint =
    { $unit ->
        [mi] Com milhas: o que ocorrer primeiro.
       *[km] Com quilômetros: o que ocorrer primeiro.
    }
rule-number = { $label }: { $value }
rule-cooldown = Pausa em minutos após um alerta sobre o mesmo motorista
rule-digest = Minutos em que os alertas são enviados juntos
rule-max-age = Minutos após os quais um alerta só aparece na lista
rule-name-hint = O título dos seus alertas.
rule-kind = Um alerta quando um motorista
rule-fences = Zonas
rule-fences-hint = Nenhuma escolhida: todas as zonas.
rule-fences-empty = Ainda não há zonas. Desenhe uma no mapa, na aba “Zonas”.
rule-alarms = Alarmes
rule-alarms-hint = Por exemplo sos, separados por vírgulas. Vazio: todos.
rule-channels-empty = Não há canais: os alertas só aparecem na lista.
rule-tell-resolved = Avisar também quando terminar
rule-more = Repetição e idade
rule-conflict = Outro usuário mudou esta regra. O que você digitou é mantido; salve de novo para mudar só estes campos.
rule-new = Nova regra
rules = Regras
rules-empty = Ainda não há regras. Uma regra cria um alerta, por exemplo quando um motorista entra em uma zona.
rule-column = Regra
rule-on = Ligada
rule-off = Desligada
switch-off-name = Desligar { $name }
switch-on-name = Ligar { $name }
is-on = { $name }: ligada.
is-off = { $name }: desligada.
rule-delete-about = Seus alertas ficam na lista.
rule-some-fences =
    { $count ->
        [one] { $count } das zonas
       *[other] { $count } das zonas
    }
rule-some-drivers =
    { $count ->
        [one] { $count } dos motoristas
       *[other] { $count } dos motoristas
    }
rule-certain-times = em certos horários
monday = Segunda-feira
tuesday = Terça-feira
wednesday = Quarta-feira
thursday = Quinta-feira
friday = Sexta-feira
saturday = Sábado
sunday = Domingo
schedule-complex = Esta regra tem vários intervalos por dia, ou dias em que descansa. Eles são mantidos; mude-os pela API.
schedule-limited = Só em certos horários
schedule-days = Dias
from = De
to = Até
schedule-end-hint = Se não for depois de “De”: no dia seguinte.

## The list of alerts

feed-all = Todos os alertas
feed-unacknowledged = Não confirmados
feed-search = Buscar alertas
feed-state = Mostrar alertas com o estado
feed-severity = Mostrar alertas com a gravidade
feed-any-severity = Qualquer gravidade
feed-signals = Sinais de novos alertas
feed-sound = Som
feed-notifications = Notificações
feed-push-title = Enviados a este navegador, também com a página fechada
feed-push = Push: { $channel }
alerts = Alertas
feed-count =
    { $count ->
        [one] { $count } alerta.
       *[other] { $count } alertas.
    }
feed-loading = Carregando os alertas…
feed-none-match = Nenhum alerta corresponde. Limpe a busca ou escolha “Todos os alertas”.
feed-none = Ainda não há alertas.
feed-none-about = Uma regra cria um alerta, por exemplo quando um motorista entra em uma zona. As regras são definidas na página “Gestão”.
feed-show-driver = Mostrar o motorista { $name }
feed-show-moment = Mostrar o lugar e o momento: { $text }
feed-moment = Momento
feed-show-fence = Mostrar a zona de: { $text }
feed-fence = Zona
feed-acknowledge = Confirmar
feed-acknowledge-alert = Confirmar: { $text }
feed-acknowledged = Confirmado.
feed-done = Feito
feed-done-alert = Feito: { $text }
feed-done-title = A manutenção foi feita: contar a partir de agora
feed-done-said = A manutenção é contada a partir de agora.
push-ended = Este navegador não recebe mais mensagens.
push-denied = O navegador não permite notificações desta página. Permita-as nas configurações dele.
push-failed = O navegador não consegue se inscrever: { $reason }
push-begun = Os alertas deste canal chegam a este navegador, também com a página fechada.
signals-https = Este navegador só mostra notificações de páginas que vieram por HTTPS.

## Channels

channel-webhook-about = Um programa seu recebe cada mensagem como JSON, assinada. Para experimentar, execute: hub listen
channel-webhook-url-hint = HTTPS, ou um endereço que a configuração HUB_HOOKS_ALLOW permita.
channel-traccar-about = Um programa que lê o que o Traccar encaminha. As posições são encaminhadas se forem escolhidas abaixo.
channel-traccar-token = Token de portador
channel-mqtt-about = Um tópico de um broker para cada motorista. As posições são publicadas se forem escolhidas abaixo.
channel-user = Usuário
channel-password = Senha
channel-nats-about = Um assunto para cada motorista. As posições são publicadas se forem escolhidas abaixo.
channel-token = Token
channel-email = E-mail
channel-email-about = Cada endereço recebe a sua própria mensagem. O hub precisa de HUB_SMTP_URL.
channel-email-to = Endereços
channel-email-to-hint = Separados por vírgulas.
channel-apprise-about = Muitos outros serviços, por uma URL no formato do Apprise. O hub precisa de HUB_APPRISE.
channel-webpush = Notificações do navegador
channel-webpush-about = Os navegadores se inscrevem sozinhos e recebem mensagens também com esta página fechada.
channel-incoming-webhook = URL do webhook de entrada
channel-webhook-url = URL do webhook
channel-workflow-url = URL do fluxo de trabalho
channel-chat = Conversa
channel-chat-hint = O número dela, ou o nome de um canal público com @.
channel-bot-token = Token do bot
channel-topic-url = URL do tópico
channel-access-token = Token de acesso
channel-access-token-hint = Deixe vazio para um tópico público.
channel-event-position = Cada posição
channel-event-fence = Cada evento de zonas
channel-event-trip = Cada evento de viagens
channel-event-channel = Quando outro canal é desativado
channel-active = Ativo
channel-paused = Em pausa
channel-failing = Com falhas
channel-secret-kept = Deixe vazio para manter o atual.
channel-events = Enviar sem regra
channel-events-hint = As regras escolhem os seus canais sozinhas.
channel-conflict = Outro usuário mudou este canal. O que você digitou é mantido; salve de novo para mudar só estes campos.
channel-new = Novo canal
channels-empty = Ainda não há canais. Os alertas aparecem na página do mapa e são enviados pelos canais da sua regra.
channel-receiver = Destinatário
channel-test = Testar
channel-test-name = Testar { $name }
channel-log = Registro
channel-log-name = Registro de { $name }
channel-pause = Pausar
channel-resume = Retomar
channel-pause-name = Pausar { $name }
channel-resume-name = Retomar { $name }
channel-new-secret = Novo segredo
channel-new-secret-name = Novo segredo de { $name }
channel-is = { $name }: { $state }.
channel-secret-about = As mensagens são assinadas com o novo segredo e, por um dia, também com o atual.
channel-secret-title = Novo segredo para { $name }?
channel-secret-create = Criar segredo
channel-secret-of = Segredo de { $name }
channel-secret-once = Mostrado só uma vez. O destinatário verifica com ele as assinaturas das mensagens.
channel-secret = Segredo
channel-secret-try = Para ver as mensagens chegarem em um terminal desta máquina:
channel-command = Comando
channel-delete-about = As mensagens em espera não são enviadas, e o registro é excluído.
delivery-pending = Em espera
delivery-sent = Entregue
delivery-dead = Abandonada
delivery-skipped = Não enviada
delivery-none = Nada foi enviado ainda.
delivery-test-failed = O teste falhou: { $outcome }
delivery-test-arrived = O teste chegou: { $outcome }
delivery-no-browser = Nenhum navegador está inscrito neste canal.
delivery-sending = Enviando o teste…
delivery-channel-off = O canal está em pausa ou desativado. Retome-o primeiro.
delivery-send-test = Enviar um teste
delivery-answered = o destinatário respondeu { $status }
delivery-confirmation = confirmado
delivery-confirmed = { $answer }.
delivery-confirmed-after = { $answer } após { $time }.
delivery-no-answer = sem resposta
delivery-soon = Será enviada em breve.
delivery-next = { $reason }. Próxima tentativa às { $time }.
delivery-was-off = O canal estava em pausa ou desativado.
delivery-tried =
    { $count ->
        [one] { $reason }. Houve { $count } tentativa.
       *[other] { $reason }. Houve { $count } tentativas.
    }
delivery-content = Conteúdo
