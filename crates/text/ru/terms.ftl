# Слова, которые могут использовать все файлы этого языка: { -signature }.
-signature = ЭЦП
-person-number = ИИН
