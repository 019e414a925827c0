valid = Действует
ends-soon = Скоро закончится
not-yet = Ещё не действует
expired = Срок истёк
revoked = Отозван
removed = Убран
validity = Срок действия
from-to = с { $from } по { $until }
today = сегодня
days-left = { $count ->
        [one] остался { $count } день
        [few] осталось { $count } дня
       *[many] осталось { $count } дней
    }
last-day = последний день
serial = Серийный номер
issuer = Кем выдан
algorithm = Алгоритм
purpose-sign-in = Вход (AUTH)
purpose-both = Вход и подпись
fingerprint = Отпечаток SHA-256
bound = Привязан
last-used = Последний вход
never = ещё не было
current = Вы вошли этим ключом
details = Подробности
iin = ИИН
bin = БИН
