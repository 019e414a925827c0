## The text that a person signs to prove who they are; short lines, no technical words.
sign-in = Вход в личный кабинет
step-up = Подтверждение, что это вы, перед изменением данных кабинета
merge = Объединение двух кабинетов с подтверждением второго
renewal = Заявление: новый сертификат, указанный ниже, тоже мой. Прошу открывать им этот кабинет
site = Сайт
account = Кабинет
new-account = по данным сертификата
time = Время
browser = Браузер
network = Сеть
