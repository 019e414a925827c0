title = Recovering access
lead = Forgot the password? The cabinet opens without it, too.
by-key = Sign in with your digital signature
    .why = It is the same cabinet. Then set a new password under “Binding”.
to-key = Use the digital signature
by-people = Ask the people who help
    .why = If you have no key, they will help. Nobody has the right to ask you for a code or a password.
none = The portal’s operator has not named anybody who helps. Ask where you were given this address.
