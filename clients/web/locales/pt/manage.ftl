manage = Gestão
manage-title = Gerenciar a frota
vehicles = Veículos
users = Usuários
share-links = Links de compartilhamento
api-keys = Chaves de API
role-admin = Administrador
role-dispatcher = Despachante
role-driver = Motorista
role-gateway = Gateway
role-dispatcher-about = Despachante: observa a frota e compartilha motoristas
role-admin-about = Administrador: também gerencia a frota
role-key-dispatcher-about = Despachante: lê a frota e compartilha motoristas
role-gateway-about = Gateway: envia posições de todos os motoristas

## Drivers and vehicles

groups-hint = Nomes separados por vírgulas, por exemplo vans, norte. A lista e o mapa podem ser filtrados por eles.
phone-number = Número de telefone
driver-stale-after = Sem sinal após segundos
driver-stale-after-hint = Sem sinal de vida; de 5 a 604800. Deixe vazio para a configuração do hub.
driver-offline-after = Off-line após segundos
driver-offline-after-hint = Mais que os segundos após os quais fica sem sinal. Deixe vazio para a configuração do hub.
driver-id-hint = Formado a partir do nome; você pode mudá-lo agora, mas não depois. Telefones, programas e links chamam o motorista por ele, por exemplo caminhao-17.
drivers-empty = Ainda não há motoristas. Crie um e depois conecte um telefone.
driver-active = Ativo
driver-phones = Telefones
driver-phones-of = Telefones de { $name }
driver-history = Histórico
driver-history-of = Histórico de { $name }
driver-share = Compartilhar
driver-share-name = Compartilhar { $name }
enable-name = Ativar { $name }
disable-name = Desativar { $name }
is-disabled = { $name }: desativado.
is-enabled = { $name }: ativado.
disable-title = Desativar { $name }?
driver-disable-about = As posições dos telefones do motorista são rejeitadas em segundos, até que você o ative de novo.
driver-delete-about = Seus telefones são rejeitados e seus links de compartilhamento terminam. Seu histórico é mantido.
driver-new = Novo motorista
id = ID
vehicle-plate = Placa
vehicle-type = Tipo
vehicle-type-hint = Por exemplo, van.
vehicle-driver-hint = Deixe vazio para nenhum motorista.
vehicles-empty = Ainda não há veículos. Crie um e depois atribua um motorista.
vehicle = Veículo
vehicle-no-driver = Nenhum
vehicle-delete-about = Seu motorista é mantido, sem veículo.
vehicle-id-hint = Seu próprio número de veículo, por exemplo van-7. Não pode ser mudado depois.
vehicle-new = Novo veículo
driver-state-of = Estado de { $name }
driver-state-none = Não definido
driver-change-state = Mudar estado
driver-connect = Conectar um telefone
retention-hint = Meses inteiros além do atual; 0 mantém tudo. Deixe vazio para a configuração do hub.
retention-hint-usual = Meses inteiros além do atual; 0 mantém tudo. Deixe vazio para a configuração do hub, { $months }.
retention-months = Meses de histórico
retention-saved = A configuração do histórico foi salva.
unregistered-about = Enviam posições com um ID que nenhum motorista registrado tem. Registre os que pertencem à frota.
unregistered = Não registrados: { $count }
unregistered-more =
    { $count ->
        [one] Mais { $count } não aparece aqui.
       *[other] Mais { $count } não aparecem aqui.
    }
register = Registrar
register-name = Registrar { $name }
registered = { $name } está registrado.
import-title =
    { $what ->
        [vehicle] Importar veículos
       *[driver] Importar motoristas
    }
import-csv = Importar CSV
export-csv = Exportar CSV
import-not-utf8 = O arquivo não é UTF-8. Salve-o como “CSV UTF-8” e escolha-o de novo.
import-unreadable = O arquivo mudou ou não pode ser lido. Escolha-o de novo.
import-nothing = Nada mudaria.
import-problem = { $place }: { $problem }
import-correct = Nada foi salvo. Corrija o arquivo e escolha-o de novo.
import = Importar
import-columns = A primeira linha do arquivo nomeia as colunas: { $columns }. Só a primeira é necessária.
import-about = IDs conhecidos são alterados, os outros criados. Um campo sem coluna fica; uma célula vazia esvazia o campo.
import-file = Arquivo CSV
import-sums = Novos: { $created }, alterados: { $changed }, inalterados: { $unchanged }
sentence = { $text }.

## Phones

phone-open = Este hub é aberto: não é preciso um token de telefone, e qualquer telefone que o alcance pode enviar posições. Digite esta URL no aplicativo:
phone-open-local = Nenhum telefone alcança esta URL: um hub aberto só é alcançado deste computador. Para telefones, inicie o hub com HUB_JWT_SECRET=auto e HUB_HOST=0.0.0.0.
phone-url = URL para o aplicativo
phone = Telefone
phone-hint = Um nome para a lista abaixo, por exemplo: Samsung, turno do dia.
phone-none = Nenhum token de telefone.
phone-unnamed = Telefone sem nome
phone-since = { $name } · desde { $time }
phone-revoke-about = O telefone é rejeitado em segundos.
phone-qr = Código QR da URL
phone-once = Mostrada só uma vez. Escaneie ou copie agora. Quem tiver esta URL pode enviar posições como este motorista.
phone-create = Criar token de telefone
phone-tokens = Tokens de telefone
phone-unreachable = A URL aponta para este computador, então nenhum telefone a alcança. Abra esta página em um endereço que os telefones alcancem, ou defina HUB_PUBLIC_URL, e crie o token de telefone de novo.
phone-private = Só telefones nesta rede alcançam a URL: o endereço dela é privado.
phone-traccar = { $app } digite a URL acima como URL do servidor e inicie o serviço.
phone-owntracks = { $app } ponha o modo em HTTP e digite a URL acima como URL, sem criptografia.
phone-both = Ambos:
phone-both-about = { $both } permita sempre o acesso à localização e exclua o aplicativo da economia de bateria.
revoke = Revogar
revoke-name = Revogar { $name }
revoke-title = Revogar { $name }?
is-revoked = { $name }: revogado.

## Share links

share-hour = 1 hora
share-hours-4 = 4 horas
share-hours-12 = 12 horas
share-day = 1 dia
share-week = 1 semana
share-custom = Outro fim
share-name = Nome mostrado aos destinatários
share-name-hint = Mostrado no lugar do ID do motorista.
share-until = Até
share-until-hint = No seu fuso horário, no máximo uma semana a partir de agora.
share-need-time = Escolha uma data e uma hora.
share-link = Link de compartilhamento
share-create = Criar link de compartilhamento
share-nearby = carros por perto
share-end-title = Encerrar o link de compartilhamento { $name }?
share-end-about = O link deixa de funcionar na hora.
share-end-link = Encerrar link
share-ended = Link de compartilhamento encerrado.
share-line-driver = { $name } ({ $driver }) · até { $time }
share-line = { $name } · até { $time }
share-end = Encerrar
share-end-name = Encerrar o link de compartilhamento { $name }

## Users and API keys

users-empty = Nenhum usuário.
user = Usuário
user-you = { $name } (você)
user-invited = Convite pendente
user-active = Ativo
user-role-of = Mudar a função de { $name }
user-reset = Redefinir senha
user-reset-of = Redefinir a senha de { $name }
user-reset-title = Redefinir a senha de { $name }?
user-reset-about = A senha antiga e todas as sessões deste usuário terminam na hora.
user-disable-about = Todas as sessões deste usuário terminam em segundos.
user-delete-about = Todas as sessões deste usuário terminam.
user-name = Nome de usuário
user-new = Novo usuário
user-password-of = Senha de { $name }
user-password-once = Mostrada só uma vez e válida para um login, em que o usuário escolhe uma nova senha. Entregue-a ao usuário pessoalmente.
user-password = Senha de uso único
key-until-revoked = Até ser revogada
key-days-30 = 30 dias
key-days-90 = 90 dias
key-year = 1 ano
keys-empty = Nenhuma chave de API.
key = Chave
key-prefix = Começa com
key-last-used = Último uso
key-expires = Expira
key-expired = Expirada
key-revoke-about = O programa é rejeitado em segundos.
key-name-hint = O programa que usa a chave, por exemplo: ERP, faturamento.
key-new = Nova chave de API
key-of = Chave de API de { $name }
key-once = Mostrada só uma vez. Copie-a agora e guarde-a como um segredo do programa.
api-key = Chave de API
