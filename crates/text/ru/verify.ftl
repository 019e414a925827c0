## document
valid = Подпись верна
invalid = Подпись недействительна
unknown = Проверить до конца не удалось
all-valid = Все подписи верны и ведут к центрам, которым вы доверяете.
not-all-valid = Полагаться на документ нельзя: есть недействительная подпись.
not-all-known = Ничего плохого не найдено, но что-то осталось непроверенным.
judged-at = Проверено на { $moment }
file = Файл
document = Документ
document-inside = внутри подписи
document-missing = не указан

## signer
signature = Подпись { $count }
counter-signature = Заверяющая подпись { $count }
signer = Подписал
organisation = Организация
issuer = Сертификат выдал
serial = Серийный номер
validity = Действует
from-to = с { $from } по { $until }
algorithm = Алгоритм ключа
form = Вид подписи
claimed-time = Время со слов подписавшего
claimed-not = не указано
proven-time = Время, подтверждённое штампом
proven-not = не подтверждено: штампа времени нет
proven-by = { $moment }, служба времени: { $authority }
no-certificate = Сертификата подписавшего в файле нет.

## forms
form-cms = подпись без ссылки на сертификат (CMS)
form-bes = усовершенствованная подпись без штампа времени (CAdES-BES)
form-t = усовершенствованная подпись со штампом времени (CAdES-T)
form-c = со штампом времени и ссылками на доказательства (CAdES-C)
form-lt = со штампом времени и всеми доказательствами (CAdES-LT)
form-x-long = со штампами времени и всеми доказательствами (CAdES-X-Long)
form-archive = для архива, со штампами времени и доказательствами (CAdES-A); сам архивный штамп здесь не проверяется

## what was checked
checked = Проверено
checked-content = документ не изменён после подписания
checked-signature = подпись сделана ключом из сертификата
checked-path = сертификат ведёт к доверенному центру: { $anchor }
checked-moment = сертификат действовал на { $moment }
checked-revocation = сертификат не был отозван
relied-on = На основании
relied-crl = список отзыва от { $moment }, выпустил { $issuer }
relied-ocsp = ответ об отзыве от { $moment }
relied-stamp = штамп времени { $moment }, служба { $authority }
not-asked = Не проверялось, не отозван ли сертификат: добавьте --crl или --ocsp.
remarks = Замечания
what-to-do = Что делать
code = Код
code-and-clause = { $code }, норма: { $clause }
stamp-not-sound = Штамп времени не принят: { $reason }
references-do-not-fit = Ссылки на доказательства не сходятся с содержимым файла.

## quirks
quirk-ber_envelope = Конверт записан не самым строгим способом (BER).
quirk-version = Номер версии конверта не соответствует содержимому.
quirk-digest_not_announced = Алгоритм отпечатка не объявлен в начале файла.
quirk-signer_version = Номер версии подписи не соответствует её виду.
quirk-no_signed_attributes = Подпись не скрепляет ни время, ни сертификат.
quirk-unsorted_attributes = Подписанные сведения стоят не в положенном порядке.
quirk-attributes_sorted_to_sign = Подписанные сведения стоят не в том порядке, в котором подписаны.
quirk-signing_certificate_v1 = Сертификат назван старым способом (SHA-1).
quirk-key_oid_as_signature = Вместо обозначения подписи стоит обозначение ключа.
quirk-explicit_null = У алгоритма ГОСТ записан лишний пустой параметр.

## many files
totals = Всего { $all }: верны { $valid }, недействительны { $invalid }, не проверены до конца { $unknown }
row-valid = верна
row-invalid = НЕВЕРНА
row-unknown = неизвестно
no-files = В этой папке нет файлов подписи
