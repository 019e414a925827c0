## document
valid = Қолтаңба жарамды
invalid = Қолтаңба жарамсыз
unknown = Соңына дейін тексеру мүмкін болмады
all-valid = Барлық қолтаңба жарамды және сіз сенетін орталықтарға апарады.
not-all-valid = Құжатқа сенуге болмайды: жарамсыз қолтаңба бар.
not-all-known = Жаман ештеңе табылған жоқ, бірақ бірдеңе тексерілмей қалды.
judged-at = Тексеру сәті: { $moment }
file = Файл
document = Құжат
document-inside = қолтаңбаның ішінде
document-missing = көрсетілмеген

## signer
signature = { $count }-қолтаңба
counter-signature = { $count }-куәландырушы қолтаңба
signer = Қол қойған
organisation = Ұйым
issuer = Сертификатты берген
serial = Сериялық нөмірі
validity = Қолданылу мерзімі
from-to = { $from } бастап { $until } дейін
algorithm = Кілт алгоритмі
form = Қолтаңба түрі
claimed-time = Қол қоюшының айтқан уақыты
claimed-not = көрсетілмеген
proven-time = Мөрмен расталған уақыт
proven-not = расталмаған: уақыт мөрі жоқ
proven-by = { $moment }, уақыт қызметі: { $authority }
no-certificate = Файлда қол қоюшының сертификаты жоқ.

## forms
form-cms = сертификатқа сілтемесіз қолтаңба (CMS)
form-bes = уақыт мөрінсіз жетілдірілген қолтаңба (CAdES-BES)
form-t = уақыт мөрі бар жетілдірілген қолтаңба (CAdES-T)
form-c = уақыт мөрі мен дәлелдемелерге сілтемелері бар (CAdES-C)
form-lt = уақыт мөрі мен барлық дәлелдемесі бар (CAdES-LT)
form-x-long = уақыт мөрлері мен барлық дәлелдемесі бар (CAdES-X-Long)
form-archive = мұрағатқа арналған, уақыт мөрлері мен дәлелдемелері бар (CAdES-A); мұрағаттық мөрдің өзі мұнда тексерілмейді

## what was checked
checked = Тексерілді
checked-content = құжат қол қойылғаннан кейін өзгермеген
checked-signature = қолтаңба сертификаттағы кілтпен жасалған
checked-path = сертификат сенімді орталыққа апарады: { $anchor }
checked-moment = сертификат { $moment } сәтінде қолданыста болған
checked-revocation = сертификат кері қайтарылмаған
relied-on = Негізінде
relied-crl = { $moment } шыққан кері қайтару тізімі, шығарған { $issuer }
relied-ocsp = { $moment } берілген кері қайтару туралы жауап
relied-stamp = { $moment } уақыт мөрі, қызмет: { $authority }
not-asked = Сертификаттың кері қайтарылғаны тексерілген жоқ: --crl немесе --ocsp қосыңыз.
remarks = Ескертпелер
what-to-do = Не істеу керек
code = Код
code-and-clause = { $code }, норма: { $clause }
stamp-not-sound = Уақыт мөрі қабылданбады: { $reason }
references-do-not-fit = Дәлелдемелерге сілтемелер файл мазмұнымен сәйкес емес.

## quirks
quirk-ber_envelope = Конверт ең қатаң тәсілмен жазылмаған (BER).
quirk-version = Конверт нұсқасының нөмірі мазмұнына сәйкес емес.
quirk-digest_not_announced = Із алгоритмі файл басында жарияланбаған.
quirk-signer_version = Қолтаңба нұсқасының нөмірі түріне сәйкес емес.
quirk-no_signed_attributes = Қолтаңба уақытты да, сертификатты да бекітпейді.
quirk-unsorted_attributes = Қол қойылған мәліметтер тиісті ретпен тұрған жоқ.
quirk-attributes_sorted_to_sign = Қол қойылған мәліметтер қол қойылған ретімен тұрған жоқ.
quirk-signing_certificate_v1 = Сертификат ескі тәсілмен аталған (SHA-1).
quirk-key_oid_as_signature = Қолтаңба белгісінің орнында кілт белгісі тұр.
quirk-explicit_null = ГОСТ алгоритмінде артық бос параметр жазылған.

## many files
totals = Барлығы { $all }: жарамды { $valid }, жарамсыз { $invalid }, толық тексерілмеген { $unknown }
row-valid = жарамды
row-invalid = ЖАРАМСЫЗ
row-unknown = белгісіз
no-files = Бұл қалтада қолтаңба файлдары жоқ
