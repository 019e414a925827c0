# Refusals. A message's key is the code with a dash for the dot: certificate.expired is certificate-expired.
# Value: what happened. why: why, and how it is put right. now: what to do now, as the words of a button.

## Certificate

certificate-expired = The key has expired
    .why = A key whose term is over no longer proves who you are. Get a new { -signature } key and sign in with it: your cabinet and your data stay the same.
    .now = Choose another key
certificate-not_yet_valid = The key is not valid yet
    .why = The day it becomes valid is on the key's card. Wait for that day or sign in with a key that is valid now. The clock of your computer plays no part in this.
    .now = Choose another key
certificate-revoked = The certificate of this key was revoked
    .why = Its owner or the certification authority revoked it, and that cannot be undone. If it was not you, contact your certification authority.
    .now = Choose another key
certificate-unknown_issuer = This key comes from an authority the portal does not trust
    .why = Keys of the certification authorities listed in the help are accepted here. You may have chosen a file of another system or a trial key.
    .now = Choose another key
certificate-status_unknown = We could not learn whether the certificate was revoked
    .why = The certification authority does not answer at the moment. Your key is probably fine, but without the answer you cannot sign in with it.
    .now = Try again
certificate-wrong_purpose = This key is not for signing in
    .why = Keys often come in pairs: one signs documents, the other signs you in. The name of the right file usually begins with AUTH.
    .now = Choose the AUTH file
certificate-weak_algorithm = This key is too weak
    .why = Keys of this length, or this way of signing, are no longer considered safe. Get a new { -signature } key.
    .now = Choose another key
certificate-unsupported_algorithm = The portal does not accept keys of this kind yet
    .why = The key may be fine, but its algorithm is not supported here. If you have an RSA or ECDSA key, sign in with that one.
    .now = Choose another key
certificate-malformed = The certificate in this file is damaged
    .why = It could not be read. Get the file again from where you received it, and do not open it with other programs.
    .now = Choose another file
certificate-not_allowed = This certificate does not fit the portal
    .why = It does not follow the rules of the authority that issued it. Show the code of this refusal to support or to your certification authority.
    .now = Choose another key
certificate-no_person_id = There is no { -person-number } in the certificate
    .why = The { -person-number } tells the portal whose cabinet this is. Keys of information systems and trial keys lack it. Sign in with a key that was issued to you in person.
    .now = Choose another key
certificate-bound_elsewhere = This certificate already belongs to another account
    .why = A certificate opens one cabinet only. If you think this is a mistake, contact support.
    .now = Choose another key
certificate-other_person = This key belongs to another person
    .why = You can confirm only with your own key: its { -person-number } must be the { -person-number } of this cabinet.
    .now = Choose your own key

## The signature that the page sent

cms-malformed = The signature could not be read
    .why = It arrived damaged. Starting again usually helps.
    .now = Start again
cms-too_large = The signature is larger than expected
    .why = Something else came along with the signature. Start again and choose another key file.
    .now = Start again
cms-no_signed_attributes = The signature lacks required details
    .why = This happens when another or an outdated program made the signature. Sign in through this page.
    .now = Start again
cms-digest_mismatch = The signature does not fit the sign-in text
    .why = Another text was signed, or it changed on the way. Start again.
    .now = Start again
cms-content_mismatch = The signed text is not the one the portal gave
    .why = This happens when sign-in was started in two tabs. Close the others and start again.
    .now = Start again
cms-signature_invalid = The signature is wrong
    .why = It does not match the key in the certificate. The key file may be damaged: get it again from where you received it.
    .now = Choose another file
cms-signer_count = There must be exactly one signature
    .why = Several signatures came, or none. Start again.
    .now = Start again
cms-signer_certificate_missing = There is no certificate in the signature
    .why = Without the certificate nobody knows whose signature it is. Start again with the key file.
    .now = Start again
cms-unsupported_algorithm = The portal does not accept signatures of this kind
    .why = The key may be fine, but its algorithm is not supported here. If you have an RSA or ECDSA key, sign in with that one.
    .now = Choose another key
cms-weak_algorithm = The signature was made in an unsafe way
    .why = Such signatures are no longer considered safe. Sign in through this page or get a new key.
    .now = Start again

## Key file

key_file-wrong_password = The key password is wrong
    .why = The file is still chosen, so type the password again. Check the keyboard layout and Caps Lock. You were given the key password together with the file; the portal does not know it.
    .now = Type the password again
key_file-unknown_format = This file does not look like a key file
    .why = A file that ends in .p12 or .pfx is needed. A certificate without its key (.cer, .crt) or a document cannot sign you in.
    .now = Choose another file
key_file-unsupported_algorithm = The format of this key file is not supported
    .why = The password is not the problem: the file is protected in a way the portal cannot open. The certification authority can issue the key in a newer format.
    .now = Choose another file
key_file-too_costly = It is not safe to open this key file
    .why = It demands an unusual amount of work from the browser. Ordinary keys do not: get the file again from where you received it.
    .now = Choose another file
key_file-no_key = The file has a certificate but no key
    .why = You need the key to sign in. Take the whole file (.p12 or .pfx), not the certificate alone.
    .now = Choose another file
key_file-malformed = The key file is damaged
    .why = It could not be read to the end. Get the file again from where you received it.
    .now = Choose another file

## Signing in

challenge-gone = The time for signing in is over
    .why = The text to be signed is good for a few minutes and only once. Nothing has changed, just start again.
    .now = Start again
login-malformed = Check the { -person-number }, phone or e-mail
    .why = An { -person-number } has twelve digits, and the last one depends on the others: one of the digits seems to be wrong.
    .now = Correct it
password-wrong = Wrong login or password
    .why = Check the { -person-number }, phone or e-mail, the keyboard layout and Caps Lock. If you have no password yet, sign in with your { -signature } and set one under “Sign-in methods”.
    .now = Try again
password-too_many_tries = Too many tries
    .why = Sign-in with a password is paused so that nobody can guess it. Wait a quarter of an hour, or sign in with your { -signature } right now.
    .now = Use { -signature }
password-too_short = The password is shorter than twelve characters
    .why = A few words in a row work well: easy to remember, hard to guess.
    .now = Think of another password
password-too_long = The password is too long
    .why = A thousand characters are enough.
    .now = Think of another password
password-too_weak = This password is easy to guess
    .why = Avoid names, birthdays, the { -person-number } and rows of digits or letters. Three or four unrelated words will do.
    .now = Think of another password
password-not_set = This cabinet has no password yet
    .why = Confirm with your { -signature } instead. You can set a password under “Sign-in methods”.
    .now = Confirm with { -signature }

## Session

session-gone = You are signed out
    .why = The session ended: much time has passed, or it was ended on another device. Sign in again and you will return to this page.
    .now = Sign in
session-not_found = This session has already ended
    .why = You may have ended it in another tab.
    .now = Refresh the list
step_up-required = Confirm that it is you
    .why = Before contacts or sign-in methods change, the portal asks you to prove who you are. The proof is good for five minutes.
    .now = Confirm

## Requests and the server

request-forbidden = The request did not come from this page
    .why = The portal accepts acts from its own pages only. Most often the page has simply been open for long: refresh it and try again.
    .now = Refresh the page
request-malformed = The request could not be read
    .why = Some details did not arrive or are written differently. Refresh the page and try again.
    .now = Refresh the page
request-too_large = The request is too large
    .why = The portal accepts data up to a certain size. Check that you chose the right file.
    .now = Go back
request-too_many = Too many requests
    .why = Too many requests came from your address in a short time. Wait a minute and try again.
    .now = Try again
request-timed_out = The request took too long
    .why = The connection seems to have broken off. Nothing has changed, try again.
    .now = Try again
page-not_found = There is no such page
    .why = The link may be out of date, or the address may have a typing mistake.
    .now = Go to the start page
server-busy = There are many visitors right now
    .why = The portal works but cannot answer everybody at once. Nothing is lost, try again in a minute.
    .now = Try again
server-failed = Something went wrong on the portal
    .why = It has been recorded and will be mended. Your data have not changed. If it happens again, tell support the reference code.
    .now = Try again
server-not_ready = The portal is starting or under maintenance
    .why = This usually takes less than a minute.
    .now = Try again
