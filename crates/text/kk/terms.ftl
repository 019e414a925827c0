# Осы тілдегі барлық файлдар қолдана алатын сөздер: { -signature }.
-signature = ЭЦҚ
-person-number = ЖСН
