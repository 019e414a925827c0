noscript = Scripts are switched off in this browser
    .why = The key is opened on your device itself, which needs JavaScript. Switch it on in the browser’s settings and reload, or sign in with a password.
old-browser = This browser cannot open keys
    .why = Update it or take another: Chrome, Edge, Firefox and Safari of recent years will do. You can also sign in with a password.
by-password = Sign in with a password
place = Where is your key
last-used = last time
place-file = A file on this device
    .hint = A .p12 or .pfx file and its password
places-off = Other places
    .why = Not connected on this site yet. A key file does instead.
place-card = Identity card
    .hint = Needs a card reader
place-token = USB token
    .hint = KAZTOKEN, eToken, JaCarta
place-agent = NCALayer program
    .hint = Needs the program installed
place-phone = Phone with eGov Mobile
    .hint = Sign in by QR code
place-cloud = Cloud signature
    .hint = Confirmed on the phone
file = Key file
    .hint = The file for signing in begins with AUTH, e.g. AUTH_RSA256….p12
choose = Choose certificate
choose-other = Choose another file
no-file = No file chosen
password = Password of the key
    .hint = Key and password stay on this device: the site never gets them.
open = Open the key
opening = Opening the key. This may take a few seconds.
refresh = Refresh the list of keys
refresh-password = Type the password again to read the file anew: it is not kept anywhere.
select = Choose the key for authentication
found = { $count ->
        [one] The file holds { $count } key.
       *[other] The file holds { $count } keys.
    }
none-usable = None of these keys can be used to sign in
    .why = The reason stands beside each key. Choose another file.
this-is-you = This is you
sign = Sign
    .hint = You sign only a request to enter that names this site. It is not the signature of a document.
signing = Signing the request
ready = All that is left is to enter
    .why = The request is signed on your device and has not been sent yet. Check the data and enter.
signed-text = What was signed
enter = Enter
entering = Entering
not-me = This is not me
cancelled = Cancelled. File and password are wiped from memory; nothing changed on the site.
get-key = How to get a key

## Why a key cannot be used; {date} is a moment with its zone.
why-expired = Expired { $date }
why-not-yet = Valid from { $date }
why-for-documents = This key is for signing documents. To sign in, take the file AUTH…
why-not-for-sign-in = This key is not meant for signing in
why-unsupported = The algorithm of this key is not supported here yet

## What can go wrong in the dialog.
file-empty = Choose the key file.
password-empty = Type the password of the key.
wrong-password = The password does not fit this file. Check the keyboard’s language and Caps Lock; the file is still chosen.
unknown-format = This file is not a key. A .p12 or .pfx file is needed.
malformed = The key file is damaged. Copy it again from where you got it.
unsupported-algorithm = The format of this key is not supported: the file is protected in a way unknown here. The password is not to blame. Get a new key.
too-costly = The file is protected so heavily that a browser cannot open it. Get a new key.
no-key = The file holds no key, only a certificate. Choose another file.
too-large = The file is too large for a key. A .p12 or .pfx file is needed.
unreadable = The file cannot be read any more: perhaps the medium was removed. Choose it again.
unavailable = The part of the page that opens keys did not load. Check the connection and reload the page.
offline = The site does not answer. Check the connection and press “Sign” again.
too-many = Too many tries. Wait a minute and press “Sign” again.
stale = The page has been open too long. Reload it and open the key again.
