## The rows of the chooser.
ncalayer = The program NCALayer
    .hint = A key in a file, on an identity card, KAZTOKEN, eToken or JaCarta. Needs a computer with NCALayer
    .how = You give the key and its password to the window of NCALayer: this site does not receive them.
    .sign = Sign in NCALayer
crypto-pro = CryptoPro ЭЦП Browser plug-in
    .hint = A certificate in the store of the computer or on a token. Needs CryptoPro CSP and the plug-in
    .how = The plug-in shows your certificates. CryptoPro asks for the PIN: this site does not receive it.
    .show = Show my certificates
check-computer = Check this computer

## What is waited for.
ncalayer-looking = Looking for NCALayer on this computer
ncalayer-signing = Open the window of NCALayer, choose a key and type its password
permission = The browser asks whether this site may talk to programs on this device. Press “Allow”.
crypto-pro-looking = Looking for the CryptoPro plug-in
crypto-pro-reading = Reading certificates. The plug-in may ask whether you trust this site
crypto-pro-signing = Type the PIN if CryptoPro asks for it
storage = Where is your key kept?
storage-file = A file on the computer
storage-id-card = Identity card

## What any program may answer.
refused = The signature was cancelled in the program
    .now = Nothing was signed, nothing was sent. If it was a slip, try again.
gone = The program closed in the middle of its work
    .now = Nothing was sent. Start it again and try once more.
silent = The program has not answered for too long
    .now = See whether its window hides behind the browser. If there is none, restart the program and try again.
malformed = The program’s answer does not look like a signature
    .now = Nothing was sent. Try again; if it happens again, update the program or choose another way.
other-certificate = The program signed with another certificate
    .now = You chose one certificate, and the signature names another. Nothing was sent. Choose the certificate again.
unusable = This key cannot be used to sign in
no-certificate = The signature carries no certificate
    .now = The program left the certificate out, so nobody knows who signed. Nothing was sent. Update the program or choose another way.
other-text = The program signed another text
    .now = The signature is not over the request of this site. Nothing was sent. Try again; if it happens again, tell support.

## NCALayer.
ncalayer-absent = NCALayer was not found
    .now = If the program is not on this computer, install it from pki.gov.kz. If it is, start it, wait for its icon beside the clock and try again.
    .firefox = Install NCALayer from pki.gov.kz or start it. Firefox also needs the root certificate of NCA RK: Settings → Privacy & Security → Certificates → View Certificates → Authorities → Import.
    .safari = Install NCALayer from pki.gov.kz or start it. Safari may keep sites away from programs of the computer: if NCALayer runs, open this page in Chrome or Firefox.
    .phone = NCALayer works on computers only. On a phone use a key file or another way.
ncalayer-stopped = NCALayer is not running
    .now = NCALayer has answered in this browser before. Start the program, wait for its icon beside the clock and try again.
    .firefox = NCALayer has answered in this browser before. Start the program. If it runs, import the new root certificate of NCA RK into Firefox: it is replaced every few years.
ncalayer-blocked = The browser keeps this site away from NCALayer
blocked-now = Press the icon to the left of the address and allow “Local network access” or “Apps on device”. Then try again.
blocked-edge = Press the lock to the left of the address → “Permissions for this site” → “Local network access” → “Allow”. Then try again.
blocked-yandex = Press the icon to the left of the address → “Site settings” → “Local network access” → “Allowed”. Then try again.
ncalayer-other = Another program answered in place of NCALayer
    .now = Close programs that stand in for NCALayer and extensions that sign, start NCALayer and try again.
ncalayer-old = NCALayer is too old
    .now = This version cannot sign as is needed. Update NCALayer from pki.gov.kz and try again.
token = The device with the key was not found
    .now = Plug in the token or put the card on its reader, wait for its light and try again.
ncalayer-failed = NCALayer could not sign
    .now = Nothing was sent. See that the key has not expired, and try again. The program’s answer below will help support.

## КриптоПро.
crypto-pro-extension = The CryptoPro extension was not found
    .now = Install the extension for CryptoPro ЭЦП Browser plug-in from the store of your browser, let it use this site and reload the page.
    .yandex = Open “Add-ons” in Yandex Browser, switch on “КриптоПро ЭЦП” and reload the page.
    .firefox = Install the extension for Firefox from the page of the plug-in at cryptopro.ru, let it use this site and reload the page.
    .phone = The CryptoPro plug-in works on computers only. On a phone use a key file or another way.
crypto-pro-plugin = The extension is here, but the plug-in does not answer
    .now = Install CryptoPro ЭЦП Browser plug-in from cryptopro.ru and restart the browser. If the plug-in asks whether you trust this site, answer “Yes”.
crypto-pro-old = The CryptoPro plug-in is too old
    .now = Version 2.0.12438 or newer is needed. Install a fresh one from cryptopro.ru and restart the browser.
crypto-pro-csp = CryptoPro CSP was not found
    .now = The plug-in is here, but without CryptoPro CSP 4.0 or newer it has nothing to sign with. Install it from cryptopro.ru and restart the browser.
crypto-pro-empty = No certificates with keys were found
    .now = Plug in the token or install the certificate: CryptoPro CSP → Service → View certificates in container → Install. Then try again.
crypto-pro-pin = The PIN is wrong
    .now = See to the keyboard’s language and Caps Lock and try again. After several mistakes the token locks itself.
crypto-pro-pin-locked = The token is locked
    .now = The PIN was wrong too many times. Unlock the token with the administrator’s PIN or ask those who issued it.
crypto-pro-licence = The licence of CryptoPro CSP has ended
    .now = Enter a new licence number in CryptoPro CSP and try again. Without a licence this key cannot sign.
crypto-pro-chain = This computer does not trust the authority of the certificate
    .now = Install the root and the intermediate certificates of your authority: they come with the key.
crypto-pro-expired = The certificate has expired
    .now = Your certificate or that of its authority has ended. Choose another or get a new one.
crypto-pro-key = The private key cannot be reached
    .now = Plug in the token or medium with the key of this certificate and try again.
crypto-pro-signature = CryptoPro could not verify its own signature
    .now = It usually helps to install the certificate again from its container. Then try again.
crypto-pro-failed = CryptoPro could not sign
    .now = Nothing was sent. Try again. The program’s answer below will help support.

## Below a refusal.
try-again = Try again
said = The program’s answer
