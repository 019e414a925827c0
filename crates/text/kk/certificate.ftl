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
purpose-sign-in = Кіру (AUTH)
purpose-both = Кіру және қол қою
fingerprint = SHA-256 таңбасы
bound = Байланған
last-used = Соңғы кіру
never = әлі болған жоқ
current = Сіз осы кілтпен кірдіңіз
details = Толығырақ
iin = ЖСН
bin = БСН
