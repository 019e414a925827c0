## By a certificate that the browser itself shows.
place = Certificate in the browser or on a token
    .hint = The browser itself asks you to choose a certificate
    .how = On the next page the browser asks you to choose a certificate; then you see who is signing in.
begin = Continue
departing = Your browser is about to ask for a certificate
    .why = If your key is on a token or a card, insert it. The key's own program asks for its password or PIN: the site does not see it. Then you come back here and check who is signing in.
go-on = Choose a certificate
remembers = The browser remembers the chosen certificate until all its windows are closed. On somebody else's computer, quit the browser.
look = Check that the certificate is yours, then sign in.
    .step-up = Check that the certificate is yours, then confirm.
not-this = This key will not do
again = Try again
other-way = Another way
