valid = Қолданыста
ends-soon = Жақында аяқталады
not-yet = Әлі күшіне енбеген
expired = Мерзімі өткен
revoked = Қайтарып алынған
removed = Алып тасталған
validity = Қолданылу мерзімі
from-to = { $from } бастап { $until } дейін
today = бүгін
days-left = { $count ->
        [one] { $count } күн қалды
       *[other] { $count } күн қалды
    }
last-day = соңғы күн
serial = Сериялық нөмірі
issuer = Кім берген
algorithm = Алгоритм
algorithm-gost-r = ГОСТ Р { $number }
algorithm-gost = ГОСТ { $number }
purpose-sign-in = Кіру (AUTH)
purpose-both = Кіру және қол қою
purpose-sign = Құжаттарға қол қою
purpose-none = Мұнда қолданылмайды
fingerprint = SHA-256 таңбасы
bound = Байланған
last-used = Соңғы кіру
never = әлі болған жоқ
current = Сіз осы кілтпен кірдіңіз
details = Толығырақ
iin = ЖСН
bin = БСН
storage = Кілт қайда сақталады

## Names of numbers; {country} is the state that assigns them.
snils = СНИЛС
inn = ИНН
innle = Ұйымның ИНН-і
ogrn = ОГРН
ogrnip = ОГРНИП
pno = Жеке код ({ $country })
pas = Паспорт ({ $country })
idc = Жеке куәлік ({ $country })
tin = Салық нөмірі ({ $country })
vat = ҚҚС нөмірі ({ $country })
ntr = Сауда тізіліміндегі нөмірі ({ $country })
psd = Төлем ұйымының нөмірі ({ $country })

## In what capacity the owner of a certificate acts.
role-person = Жеке тұлға
role-entrepreneur = Жеке кәсіпкер
role-head = Бірінші басшы
role-signatory = Қол қою құқығы бар тұлға
role-financial-signatory = Қаржы құжаттарына қол қою құқығы бар тұлға
role-human-resources = Кадр бөлімінің қызметкері
role-employee = Ұйым қызметкері
role-affiliated = Ұйымға қатысы бар жеке тұлға
role-organisation = Ұйым (электрондық мөр)
role-information-system = Ақпараттық жүйе
role-authority-staff = Куәландырушы орталықтың қызметкері
role-restricted = Бір жүйеге ғана арналған кілт

## Where a key is kept.
storage-file = Файл
storage-java = Java файлы (JKS)
storage-id-card = Жеке куәлік
storage-token = { $name } USB-токені
storage-sim = SIM-карта
storage-cloud = Бұлтты қойма
storage-qualified = Білікті қолтаңба құрылғысы
