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
algorithm-gost-r = ГОСТ Р { $number }
algorithm-gost = ГОСТ { $number }
purpose-sign-in = Вход (AUTH)
purpose-both = Вход и подпись
purpose-sign = Подпись документов
purpose-none = Здесь не используется
fingerprint = Отпечаток SHA-256
bound = Привязан
last-used = Последний вход
never = ещё не было
current = Вы вошли этим ключом
details = Подробности
iin = ИИН
bin = БИН
storage = Где хранится ключ

## Names of numbers; {country} is the state that assigns them.
snils = СНИЛС
inn = ИНН
innle = ИНН организации
ogrn = ОГРН
ogrnip = ОГРНИП
pno = Личный код ({ $country })
pas = Паспорт ({ $country })
idc = Удостоверение личности ({ $country })
tin = Налоговый номер ({ $country })
vat = Номер НДС ({ $country })
ntr = Номер в торговом реестре ({ $country })
psd = Номер платёжной организации ({ $country })

## In what capacity the owner of a certificate acts.
role-person = Физическое лицо
role-entrepreneur = Индивидуальный предприниматель
role-head = Первый руководитель
role-signatory = Лицо с правом подписи
role-financial-signatory = Лицо с правом подписи финансовых документов
role-human-resources = Сотрудник отдела кадров
role-employee = Сотрудник организации
role-affiliated = Физическое лицо, связанное с организацией
role-organisation = Организация (электронная печать)
role-information-system = Информационная система
role-authority-staff = Сотрудник удостоверяющего центра
role-restricted = Ключ только для одной системы

## Where a key is kept.
storage-file = Файл
storage-java = Файл Java (JKS)
storage-id-card = Удостоверение личности
storage-token = USB-токен { $name }
storage-sim = SIM-карта
storage-cloud = Облачное хранилище
storage-qualified = Квалифицированное устройство подписи
