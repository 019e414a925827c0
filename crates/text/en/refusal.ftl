certificate-expired = The key has expired
    .why = A key whose term is over no longer proves who you are. Get a new { -signature } key and sign in with it: your cabinet stays the same.
    .now = Choose another key
