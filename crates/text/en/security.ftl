## Whether all is well with the account.
calm = All is well
attention = Worth a look
new-device = Signed in from a new device
    .why = { $device }, { $moment }, address { $address }. If it was you, there is nothing to do.
    .now = Was it not you?
suspended = Sign-in through another system is suspended
    .why = You said that it was not you. Unlink that account or allow it again.
    .now = Decide
no-contact = Notices reach you nowhere
    .why = If somebody else gets in, you will not hear of it.
    .now = Give an address
bouncing = Messages to one of your contacts come back
    .why = An important warning may miss you.
    .now = Check the contacts
only-key = Only a certificate opens the cabinet
only-password = Only the password opens the cabinet
only-identity = Only another system opens the cabinet
only-passkey = Only a passkey opens the cabinet
only-why = If it fails you, there is no other way in. Add a second one.
only-now = Add a way in
key-ends = { $count ->
        [0] Your certificate ends today
        [one] Your certificate ends: { $count } day left
       *[other] Your certificate ends: { $count } days left
    }
    .why = Get a new one while this one is valid.
    .now = How to renew a key
no-second-factor = The second step is off
    .why = Whoever learns your password is in. With a second step the password alone is not enough.
    .now = Turn it on
few-codes = { $count ->
        [0] No recovery codes are left
        [one] { $count } recovery code is left
       *[other] { $count } recovery codes are left
    }
    .why = You need them when the phone is lost.
    .now = Make a new sheet
last-entry = Last sign-in besides this one: { $when }
    .none = There were no other sign-ins
    .none-why = You are here for the first time, or after a long while.
second-step = The second step is on
    .passkey = passkey
    .totp = app with codes
    .sms = codes by SMS
reached = We tell you of what matters
today = today at { $time }
yesterday = yesterday at { $time }

## What to do when something is wrong.
strange = Something you do not recognise? What to do
strange-sessions = End the other sessions: whoever got in has to sign in again.
strange-sessions-show = Show the sessions
strange-sessions-none = There are no other sessions now: nothing to end.
strange-password = Change the password and remove the ways in that you did not add.
strange-contacts = Check that the contacts are yours: warnings go there.
strange-contacts-open = Open contacts
strange-key = If a key was stolen, have it revoked where you got it.
strange-people = If you cannot, call support: the numbers are at the end of the page. Tell nobody your password or codes.

## What opens the account.
ways = How you sign in
certificate = Certificate
bound = Bound on { $date }, { $how }
bound-first-entry = at the first entry
bound-same-person-id = at a sign-in: it states your number
bound-person = by you
bound-renewal = by a statement signed with the old key
password-bound = Set on { $date }
identity-bound = Linked on { $date }
used = Last sign-in: { $when }
used-never = Not used to sign in yet
details = Details and removal
former = Former certificates: { $number }
add = Add a way in
valid-until = Valid until { $date }
near = the network you are in now
new-device-mark = new device
older = Show earlier ones
