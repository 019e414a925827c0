# Signing in through an organisation, and belonging to organisations

tab = By organisation
find-title = Sign in through an organisation
find-lead = Choose the organisation where you study, work or belong.
kinds = Kind of organisation
search = Name, number or place
    .hint = For example: 30 Lugovoe. Kazakh letters may be left out.
find = Find
chosen = Chosen
change = Change
regions = Region
localities = City or village
organisations = Organisations
found = { $count ->
        [one] { $count } organisation found.
       *[other] { $count } organisations found.
    }
found-more = These are the first ones. Add a word: a number, a city or a village.
nothing = Nothing was found. Check the name, or choose a place.
none = There are no organisations here yet. The portal’s operator adds them.
more = Show more
enter-title = Sign in
other = Another organisation
login = User name, phone or IIN
login-empty = Enter a user name, a phone or an IIN.
enter = Sign in
enter-state = Sign in
enter-by = Sign in: { $label }
recover = Recover the password
remember = Remember the organisation on this device
    .hint = Clear this where the computer is shared.
by-password = With a password
by-certificate = Sign in with a digital signature
by-passkey = Sign in with a passkey
only = This organisation takes people in by this way only.
nowhere = Nobody can sign in here now
    .why = The portal is not set up for this organisation’s ways of signing in. Ask the support.
others = Other ways of signing in
entering-at = Organisation
tab-mine = Organisations
mine-title = My organisations
mine-lead = For which organisation you are working now. The cabinet is one, and your own data in it are the same.
mine-none = You do not belong to any organisation yet.
    .why = An organisation adds you itself: by an invitation, or at your request.
here = You are here now
switch = Move here
own = My own cabinet only
own-hint = Without an organisation
