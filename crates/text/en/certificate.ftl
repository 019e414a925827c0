valid = Valid
ends-soon = Ends soon
not-yet = Not valid yet
expired = Expired
revoked = Revoked
removed = Removed
validity = Validity
from-to = from { $from } to { $until }
today = today
days-left = { $count ->
        [one] { $count } day left
       *[other] { $count } days left
    }
last-day = last day
serial = Serial number
issuer = Issuer
algorithm = Algorithm
purpose-sign-in = Signing in (AUTH)
purpose-both = Signing in and signing
fingerprint = SHA-256 fingerprint
bound = Bound
last-used = Last used
never = not yet
current = You signed in with this key
details = Details
iin = IIN
bin = BIN
