bad-request = The request cannot be read
    .why = The address or the form was damaged on its way.
    .now = To the start page
stale-form = This page is out of date
    .why = It was opened before you signed in or out, or another site sent the form. Nothing has changed.
    .now = Open it again
not-found = There is no such page
    .why = Perhaps the address has a slip, or the page has moved.
    .now = To the start page
wrong-method = This page does not open that way
    .why = This address takes a form that was filled in; it is not a page.
    .now = To the start page
too-large = Too much was sent
    .why = It is more than this page takes. If it was a key, choose a .p12 or .pfx file.
    .now = Go back and try again
wrong-host = This site has another address
    .why = You came by a name the server does not know. So that nobody deceives you, pages open under the real address only.
    .now = Open the real address
too-many = Too many tries
    .why = { $minutes ->
        [one] Try again in { $minutes } minute.
       *[other] Try again in { $minutes } minutes.
    } The limit protects your account from guessing.
    .now = Try again
internal = We made a mistake
    .why = It is recorded and will be looked into. What you typed may not have been saved: check and repeat.
    .now = Try again
unavailable = The site is busy or restarting
    .why = This usually takes less than a minute. Wait and try again.
    .now = Try again
who-helps = If it does not work, turn to support and give the code: the numbers are below.
