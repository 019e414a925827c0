"""A mail server for tests: says what it got, line by line, and misbehaves on demand.

    python sink.py [--certificate PEM --key PEM --tls starttls|implicit] [--user U --password P]

Prints its port, then one JSON object for each letter. The recipient's name says what happens:
bounce… 550 · later… 451 always · busy… 451 twice, then taken · hang… no answer · cut… the connection breaks
after the content. Ends when its standard input ends.
"""

import argparse
import asyncio
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

asked = {}


def say(thing):
    print(json.dumps(thing, ensure_ascii=False), flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        asked[address] = asked.get(address, 0) + 1
        if address.startswith("bounce"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later") or (address.startswith("busy") and asked[address] < 3):
            return "451 4.2.0 try again later"
        if address.startswith("hang"):
            say({"hanging": address})
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "user": getattr(session, "user", None),
            "encrypted": server.transport.get_extra_info("ssl_object") is not None,
            "message_id": letter["Message-ID"],
            "subject": letter["Subject"],
            "sender": letter["From"],
            "parts": {part.get_content_type(): part.get_content() for part in letter.iter_parts()},
            "raw": envelope.content.decode("utf-8"),
        })
        if any(address.startswith("cut") for address in envelope.rcpt_tos):
            server.transport.abort()
        return "250 OK"


async def main():
    parser = argparse.ArgumentParser()
    for option in ("--certificate", "--key", "--tls", "--user", "--password"):
        parser.add_argument(option)
    options = parser.parse_args()
    tls = None
    if options.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate, options.key)

    def authenticate(server, session, envelope, mechanism, data):
        right = (data.login.decode(), data.password.decode()) == (options.user, options.password)
        if right:
            session.user = options.user
        return AuthResult(success=right)

    def protocol():
        starttls = {"tls_context": tls, "require_starttls": True} if options.tls == "starttls" else {}
        secret = {"authenticator": authenticate, "auth_required": True} if options.user else {}
        if options.tls == "implicit":
            secret["auth_require_tls"] = False
        return SMTP(Handler(), hostname="sink.test", **starttls, **secret)

    implicit = {"ssl": tls} if options.tls == "implicit" else {}
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, **implicit)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    # Connections that hang would keep an orderly exit waiting.
    os._exit(0)


asyncio.run(main())
