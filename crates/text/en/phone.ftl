## By a key in the app eGov Mobile.
place = Phone with eGov Mobile
    .hint = Sign in by QR code, the key stays in the phone
    .how = A QR code for the app appears, and a button in case the app is on this very phone.
show-code = Show the code
title = Sign in with eGov Mobile
    .step-up = Confirm with eGov Mobile
lead = Sign the request in the app with your key. The key stays in the phone.
scan = The app is on a phone
picture = QR code for the app eGov Mobile
step-scan = Open eGov Mobile or eGov Business, choose “QR code” and point the camera at the picture.
step-check = Check that the app names the site { $host }, then sign.
step-return = This page itself shows who signed.
here = The app is on this device
    .why = If this page is open on a phone, there is nothing to scan.
open-mobile = Open eGov Mobile
open-business = Open eGov Business
waiting = Waiting for the signature. The code is good until { $time }.
never = Do not sign a request by a code that was sent to you or shown in a video call: that is how strangers get into a cabinet.
check = See whether the signature has come
sign-again = You can sign with another key right away: the code is still good.
over = The code is no longer good
    .why = It is good for a few minutes, once, and only in the browser that showed it. Nothing has changed: get a new code.
new-code = Get a new code
only-you = It was not you who signed? Do not sign in: the request may have reached somebody else. Choose “This is not me”.

## What the app shows.
describe-sign-in = Sign-in to the site { $host }
describe-step-up = Proof of identity on the site { $host }
app-used = This request has been signed. Go back to the page or get a new code.
app-expired = The time of the request is over. Get a new code on the site.
app-cancelled = The request was cancelled on the site. If it is needed, get a new code.
app-unknown = There is no such request. Get a new code on the site.
