## document
valid = The signature is valid
invalid = The signature is not valid
unknown = It could not be fully verified
all-valid = Every signature holds and leads to an authority you trust.
not-all-valid = The document cannot be relied on: a signature is not valid.
not-all-known = Nothing is known to be wrong, but something could not be checked.
judged-at = Judged as of { $moment }
file = File
document = Document
document-inside = inside the signature
document-missing = not given

## signer
signature = Signature { $count }
counter-signature = Counter-signature { $count }
signer = Signed by
organisation = Organisation
issuer = Certificate issued by
serial = Serial number
validity = Valid
from-to = from { $from } to { $until }
algorithm = Key algorithm
form = Form
claimed-time = Time claimed by the signer
claimed-not = not stated
proven-time = Time proven by a stamp
proven-not = not proven: there is no time stamp
proven-by = { $moment } by { $authority }
no-certificate = The signer's certificate is not in the file.

## forms
form-cms = a signature that does not name its certificate (CMS)
form-bes = an advanced signature without a time stamp (CAdES-BES)
form-t = an advanced signature with a time stamp (CAdES-T)
form-c = with a time stamp and references to evidence (CAdES-C)
form-lt = with a time stamp and all evidence (CAdES-LT)
form-x-long = with time stamps and all evidence (CAdES-X-Long)
form-archive = for archives, with time stamps and evidence (CAdES-A); the archive time stamp itself is not checked here

## what was checked
checked = Checked
checked-content = the document is as it was signed
checked-signature = the signature was made with the key of the certificate
checked-path = the certificate leads to a trusted authority: { $anchor }
checked-moment = the certificate was valid on { $moment }
checked-revocation = the certificate was not revoked
relied-on = Relying on
relied-crl = revocation list of { $moment } by { $issuer }
relied-ocsp = answer about revocation of { $moment }
relied-stamp = time stamp of { $moment } by { $authority }
not-asked = Whether the certificate was revoked was not asked: add --crl or --ocsp.
remarks = Remarks
what-to-do = What to do
code = Code
code-and-clause = { $code }, rule: { $clause }
stamp-not-sound = A time stamp was not accepted: { $reason }
references-do-not-fit = The references to evidence do not fit what the file holds.

## quirks
quirk-ber_envelope = The envelope is written in the looser encoding (BER).
quirk-version = The version of the envelope does not fit its content.
quirk-digest_not_announced = A digest algorithm is used that the message does not announce.
quirk-signer_version = The version of the signature does not fit its form.
quirk-no_signed_attributes = The signature binds neither a time nor a certificate.
quirk-unsorted_attributes = The signed details are not in their order.
quirk-attributes_sorted_to_sign = The signed details stand in another order than the one signed.
quirk-signing_certificate_v1 = The certificate is named in the old way (SHA-1).
quirk-key_oid_as_signature = The identifier of the key stands in place of that of the signature.
quirk-explicit_null = An algorithm of GOST carries an empty parameter that does not belong there.

## many files
totals = In all { $all }: valid { $valid }, not valid { $invalid }, not fully verified { $unknown }
row-valid = valid
row-invalid = INVALID
row-unknown = unknown
no-files = There are no signature files in this folder
