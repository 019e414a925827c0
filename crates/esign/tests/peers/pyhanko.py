"""Judges CMS signatures: CONTENT ROOT TIME_ROOT. On standard input each line is MESSAGE REVOCATION; on standard
output each line is a JSON object."""

import asyncio
import json
import sys

from asn1crypto import cms, pem, x509
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

content, root, time_root = sys.argv[1:]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def certificate(path):
    return x509.Certificate.load(pem.unarmor(read(path))[2])


def judge(message, revocation):
    info = cms.ContentInfo.load(read(message), strict=True)
    signed = info["content"]
    lists = [choice.chosen for choice in signed["crls"] if choice.name == "certificate_list"]
    others = [choice.chosen for choice in signed["crls"] if choice.name == "other"]
    answers = [other["other_rev_info"] for other in others]
    known = {"crls": lists, "ocsps": answers, "revocation_mode": revocation, "allow_fetching": False}
    status = asyncio.run(
        async_validate_detached_cms(
            read(content),
            signed,
            signer_validation_context=ValidationContext(trust_roots=[certificate(root)], **known),
            ts_validation_context=ValidationContext(trust_roots=[certificate(time_root)], **known),
            key_usage_settings=KeyUsageConstraints(key_usage={"digital_signature"}),
        )
    )
    return {
        "sound": status.bottom_line,
        "stamped": status.timestamp_validity is not None,
        "summary": status.summary(),
    }


for line in sys.stdin:
    try:
        answer = judge(*line.split())
    except Exception as error:  # whatever it is, the message was not accepted
        answer = {"sound": False, "error": repr(error)}
    print(json.dumps(answer))
