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
algorithm-gost-r = GOST R { $number }
algorithm-gost = GOST { $number }
purpose-sign-in = Signing in (AUTH)
purpose-both = Signing in and signing
purpose-sign = Signing documents
purpose-none = Not used here
fingerprint = SHA-256 fingerprint
bound = Bound
last-used = Last used
never = not yet
current = You signed in with this key
details = Details
iin = IIN
bin = BIN
storage = Where the key is kept

## Names of numbers; {country} is the state that assigns them.
snils = SNILS
inn = INN
innle = INN of the organisation
ogrn = OGRN
ogrnip = OGRNIP
pno = Personal code ({ $country })
pas = Passport ({ $country })
idc = Identity card ({ $country })
tin = Tax number ({ $country })
vat = VAT number ({ $country })
ntr = Trade register number ({ $country })
psd = Payment institution number ({ $country })

## In what capacity the owner of a certificate acts.
role-person = Natural person
role-entrepreneur = Individual entrepreneur
role-head = Head of the organisation
role-signatory = Authorised signatory
role-financial-signatory = Signatory of financial documents
role-human-resources = Personnel department
role-employee = Employee
role-affiliated = Person connected with an organisation
role-organisation = Organisation (electronic seal)
role-information-system = Information system
role-authority-staff = Staff of the certification authority
role-restricted = Key for one system only

## Where a key is kept.
storage-file = File
storage-java = Java file (JKS)
storage-id-card = Identity card
storage-token = USB token { $name }
storage-sim = SIM card
storage-cloud = Cloud storage
storage-qualified = Qualified signature device
