"""One answer of the SRP library `srptools`, as JSON: its client as it is, with what it is asked on standard input."""

import hashlib
import json
import sys

from srptools import SRPClientSession, SRPContext

asked = json.load(sys.stdin)
context = SRPContext(
    asked["identity"],
    asked["passcode"],
    prime=asked["prime"],
    generator=asked["generator"],
    hash_func=hashlib.sha256,
)
width = len(asked["prime"])
salt = bytes.fromhex(asked["salt"])
server_key = asked.get("serverPublicKey")


def told():
    if server_key is None:
        verifier = context.get_common_password_verifier(context.get_common_password_hash(salt))
        return {"verifier": f"{verifier:0{width}x}"}
    # The library hashes numbers without the zeros that they begin with, where PAD of RFC 5054 keeps them: another
    # number of the client has none, and of the server's and of the name's another is asked for.
    name = hashlib.sha256(asked["identity"].encode()).digest()
    if server_key.startswith("00") or name[0] == 0:
        return {"again": True}
    while True:
        session = SRPClientSession(context)
        _, m1, m2 = session.process(server_key, asked["salt"])
        secret = context.get_client_premaster_secret(
            password_hash=session._password_hash,
            server_public=session._server_public,
            client_private=session._this_private,
            common_secret=session._common_secret,
        )
        if min(session._client_public, secret).bit_length() > (width - 2) * 4:
            return {"clientPublicKey": session.public, "m1": m1, "m2": m2}


json.dump(told(), sys.stdout)
