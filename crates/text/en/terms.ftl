# Words that every file of this language may use: { -signature }.
-signature = digital signature
-person-number = IIN
