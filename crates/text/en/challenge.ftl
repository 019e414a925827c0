## The text that a person signs to prove who they are; short lines, no technical words.
sign-in = Entering the personal account
step-up = Confirming that it is you before account data are changed
merge = Proof of a second cabinet, to make the two one
renewal = Statement: the new certificate named below is mine too. I ask that it open this account
site = Site
account = Account
new-account = as the certificate states
time = Time
browser = Browser
network = Network
