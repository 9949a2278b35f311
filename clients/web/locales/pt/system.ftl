system = Sistema
system-dead-letters = Entradas não salvas
system-dead-letters-about = Conteúdo do log que o gravador não conseguiu salvar.
system-dead-letters-none = Nenhuma entrada não salva.
system-time = Hora
system-reason = Motivo
system-size = Tamanho
count-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
system-log-entry = Entrada do log
system-letter-sent = Anexada ao log. Se ainda não puder ser salva, volta a esta lista.
system-quarantine = Quarentena
system-quarantine-about = Solicitações de telefones com pontos que não puderam ser lidos.
system-quarantine-none = Nenhuma solicitação em quarentena.
system-format = Formato
system-points = Pontos
system-path = Caminho
system-query = Consulta
system-published =
    { $count ->
        [one] { $count } ponto publicado.
       *[other] { $count } pontos publicados.
    }
system-published-some =
    { $count ->
        [one] { $count } ponto publicado, { $refused } ainda recusados: { $reason }.
       *[other] { $count } pontos publicados, { $refused } ainda recusados: { $reason }.
    }
system-show = Mostrar
system-show-name = Mostrar: { $name }
system-send-again = Enviar de novo
system-send-again-name = Enviar de novo: { $name }
system-reload = Recarregar
system-reload-list = Recarregar: { $list }
system-live = Posições ao vivo
system-redis = Log (Redis)
system-postgresql = Histórico (PostgreSQL)
system-clock = Relógio
system-ok = OK
system-degraded = Degradado
system-unavailable = Indisponível
system-standby = Em espera
system-recording = Gravando
system-retrying = Tentando de novo
system-starting = Iniciando
system-the-drivers = os motoristas
system-hub = Hub
system-started = Iniciado
system-connections = Conexões abertas
system-clock-ahead = Adiantamento do relógio em relação a { $source }
system-log = Log
system-entries = Entradas
system-memory = Memória
system-unlogged = Posições que esperam o log
system-no-redis = O Redis não responde.
system-recorder = Gravador
system-backlog = Entradas em espera
system-lag = Idade da mais antiga
system-last-commit = Última gravação
system-rows = Posições salvas desde o início
system-duplicates = Posições que já estavam salvas
system-retries = Novas tentativas
system-lost = Posições confirmadas perdidas
system-last-error = Último erro
system-no-recorder = Nenhum gravador deu sinal há 15 segundos.
system-not-stored = Não salvo
system-payloads = Solicitações em quarentena
system-points-in-them = Pontos nelas
system-no-postgresql = O PostgreSQL não responde.
system-parts = Partes do hub
system-version = Versão { $version }.
system-all-work = Todas as partes funcionam.
system-nodes = Nós
system-nodes-about = Processos que atendem clientes, de todos os hubs no mesmo Redis.
system-node = Nó
system-node-version = Versão
system-serving = Em serviço
system-draining = Encerrando
system-behind = Atraso
system-up-to-date = em dia
system-wait = Em espera
system-oldest = Mais antigo desde
system-given-up = Abandonadas
system-replay = O que foi abandonado é enviado de novo a partir do registro do canal, ou com { $command } da API.
kibibytes = { $value } KiB
mebibytes = { $value } MiB
