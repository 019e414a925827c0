"""A mail server that writes what it receives, one JSON object a line: sink.py PORT FILE."""
import email
import email.policy
import json
import signal
import sys

from aiosmtpd.controller import Controller


class Keep:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text = message.get_body(preferencelist=("plain",))
        html = message.get_body(preferencelist=("html",))
        line = {
            "to": envelope.rcpt_tos,
            "subject": str(message["Subject"]),
            "id": str(message["Message-ID"]),
            "text": text.get_content() if text else "",
            "html": html.get_content() if html else "",
        }
        with open(sys.argv[2], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return "250 kept"


Controller(Keep(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
print("up", flush=True)
signal.pause()
