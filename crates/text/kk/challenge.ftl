## The text that a person signs to prove who they are; short lines, no technical words.
sign-in = Жеке кабинетке кіру
step-up = Кабинет деректерін өзгертер алдында бұл сіз екеніңізді растау
merge = Екі кабинетті біріктіру үшін екіншісін растау
renewal = Өтініш: төменде көрсетілген жаңа сертификат та менікі. Осы кабинетті сонымен ашуды сұраймын
site = Сайт
account = Кабинет
new-account = сертификат деректері бойынша
time = Уақыты
browser = Браузер
network = Желі
