## A key that does not open the account today, and what to sign in with instead.
title = Your key has ended: how to sign in
    .lead = Your account and data are as before. Sign in in another way; once you have a new key, it is added to the account.
ended = It ended on { $date }
begins = It will be valid from { $date }
ways = How to sign in now
    .why = Any way that you have will do: a password, a passkey of the device, another key or another system.
by-password = By password or passkey
other-key = Choose another key
again = Try again
next = How to get a new key
next-1 = Get a new key from your authority.
next-2 = Sign in with it on this page: the portal knows you by the { -person-number } or asks you to prove the account as before.
next-3 = Next time prepare the renewal ahead, under “Certificates”, and there will be nothing to prove.
