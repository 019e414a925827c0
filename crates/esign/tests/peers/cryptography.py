"""Judges certificates and revocation lists: ROOT ISSUER AT. On standard input each line is `certificate FILE` or
`list FILE`; on standard output each line is `good`, `revoked` or `unsound` and why."""

import datetime
import sys

from cryptography import x509
from cryptography.x509 import verification


def read(path):
    with open(path, "rb") as file:
        return file.read()


root, issuer = (x509.load_pem_x509_certificate(read(path)) for path in sys.argv[1:3])
at = datetime.datetime.fromtimestamp(int(sys.argv[3]), datetime.timezone.utc)
anybody = verification.PolicyBuilder().store(verification.Store([root])).time(at)
anybody = anybody.extension_policies(
    ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
    ee_policy=verification.ExtensionPolicy.permit_all(),
)


def certificate(der):
    person = x509.load_der_x509_certificate(der)
    for extension in person.extensions:
        extension.value
    anybody.build_client_verifier().verify(person, [issuer])
    return "good"


def revocation_list(der):
    crl = x509.load_der_x509_crl(der)
    for extension in crl.extensions:
        extension.value
    for entry in crl:
        for extension in entry.extensions:
            extension.value
    if crl.issuer != issuer.subject or not crl.is_signature_valid(issuer.public_key()):
        raise ValueError("not by the issuer")
    if not crl.last_update_utc <= at <= crl.next_update_utc:
        raise ValueError("not of this time")
    return "revoked" if crl.get_revoked_certificate_by_serial_number(SERIAL) else "good"


SERIAL = 0x2A2B
for line in sys.stdin:
    kind, name = line.split()
    try:
        answer = {"certificate": certificate, "list": revocation_list}[kind](read(name))
    except Exception as error:  # whatever it is, it was not accepted
        answer = f"unsound {error!r}"
    print(answer.replace("\n", " "))
