# Session and ways in.

session-gone = You are signed out
    .why = The session ended: much time has passed, or it was ended on another device. Sign in again and you will return to this page.
    .now = Sign in
session-not_found = This session has already ended
    .why = You may have ended it in another tab.
    .now = Refresh the list
step_up-required = Confirm that it is you
    .why = Before contacts or sign-in methods change, the portal asks you to prove who you are. The proof is good for five minutes.
    .now = Confirm
step_up-bound_in_this_session = You cannot confirm in this way yet
    .why = It was added in this very session. So that a stranger cannot settle in your cabinet, only what was there before counts.
    .now = Confirm in another way
step_up-stronger_method = A password is not enough here
    .why = This cabinet has a stronger way in than a password, and changes are confirmed with that.
    .now = Confirm in another way
first_entry-required = First confirm an address for notices
    .why = The cabinet opens right after that. Nothing you typed is lost, and you can go on tomorrow.
    .now = Give an address
binding-not_found = The cabinet no longer has this way in
    .why = You may have removed it in another tab.
    .now = Refresh the list
binding-last_usable = This is the last way into the cabinet
    .why = Without it you could not get in. First add another: set a password, or sign in with a new key.
    .now = Add another way
