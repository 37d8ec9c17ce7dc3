#!/usr/bin/python3
# Obtains certificates by ACME (RFC 8555) with certbot's library. One request a line on standard input, and nothing on the
# command line; private keys are made here, written into the volume of keys, and said to nobody.
#   {"account", "directory", "email", "authority"}   first; answers 'thumbprint T', which whoever answers challenges needs
#   {"name", "host"}                                 answers 'certificate NAME BASE64' (the chain alone), or a problem
# A problem is 'problem NAME {"type", "detail"}'; NAME is '-' for the first request, and then nothing else comes.
import base64
import datetime
import json
import os
import signal
import sys
import warnings

warnings.filterwarnings("ignore")
os.umask(0o077)

import josepy
import requests
from acme import challenges, client, crypto_util, errors, messages
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

KEYS = "/var/lib/recyclic-keys"
# For one order, and for the whole conversation: whoever asks may be gone.
PATIENCE = 60
LONGEST = 600


def say(*words):
    print(*words, flush=True)


def write(path, data):
    # Readers see the old content or the new, never a part.
    handle = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        os.fsync(file.fileno())
    os.rename(path + ".new", path)


def pem_of(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def account_key(folder):
    path = os.path.join(folder, "account.key")
    if not os.path.exists(path):
        write(path, pem_of(rsa.generate_private_key(65537, 2048)))
    with open(path, "rb") as file:
        return josepy.JWKRSA(key=serialization.load_pem_private_key(file.read(), password=None))


def connect(asked, key):
    trusted = True
    if asked.get("authority"):
        trusted = "/tmp/authority.pem"
        write(trusted, asked["authority"].encode())
    net = client.ClientNetwork(key, verify_ssl=trusted, user_agent="recyclic", timeout=20)
    acme = client.ClientV2(client.ClientV2.get_directory(asked["directory"], net), net)
    new = messages.NewRegistration.from_data(email=asked.get("email"), terms_of_service_agreed=True)
    try:
        acme.new_account(new)
    except errors.ConflictError as there:
        net.account = messages.RegistrationResource(uri=there.location, body=messages.Registration())
    return acme


def obtain(acme, key, folder, name, host):
    own = pem_of(ec.generate_private_key(ec.SECP256R1()))
    order = acme.new_order(crypto_util.make_csr(own, [host]))
    for authorization in order.authorizations:
        if authorization.body.status == messages.STATUS_VALID:
            continue
        asked = [one for one in authorization.body.challenges if isinstance(one.chall, challenges.HTTP01)]
        if not asked:
            return problem("unauthorized", "the authority does not ask by http-01")
        acme.answer_challenge(asked[0], asked[0].response(key))
    until = datetime.datetime.now() + datetime.timedelta(seconds=PATIENCE)
    chain = acme.poll_and_finalize(order, until).fullchain_pem
    # A blank line would end what the edge is sent.
    chain = "".join(line + "\n" for line in chain.splitlines() if line.strip())
    write(os.path.join(folder, name + ".pem"), chain.encode() + own)
    return chain


def problem(kind, detail):
    return {"type": kind, "detail": str(detail)[:1000]}


def problem_of(error):
    if isinstance(error, messages.Error):
        # What is said of single names says more than the whole.
        parts = [error.detail or ""] + [one.detail or "" for one in getattr(error, "subproblems", None) or []]
        return problem((error.typ or "").rsplit(":", 1)[-1], "; ".join(part for part in parts if part))
    if isinstance(error, errors.IssuanceError):
        return problem_of(error.error)
    if isinstance(error, errors.ValidationError):
        for authorization in error.failed_authzrs:
            for one in authorization.body.challenges:
                if one.error is not None:
                    return problem_of(one.error)
        return problem("unauthorized", "the authority does not say why")
    if isinstance(error, errors.TimeoutError):
        return problem("recyclic:too-late", f"no end within {PATIENCE} s")
    if isinstance(error, requests.exceptions.SSLError):
        return problem("recyclic:untrusted", error)
    # The library says some of these in its own words.
    if isinstance(error, ValueError) and str(error).startswith("Requesting "):
        return problem("recyclic:unreachable", error)
    if isinstance(error, requests.exceptions.RequestException) and not isinstance(error, ValueError):
        return problem("recyclic:unreachable", error)
    if isinstance(error, (errors.ClientError, josepy.errors.DeserializationError, ValueError, KeyError, AttributeError)):
        return problem("recyclic:not-acme", f"{type(error).__name__}: {error}")
    return problem("recyclic:no-client", f"{type(error).__name__}: {error}")


def main():
    signal.alarm(LONGEST)
    asked = json.loads(sys.stdin.readline())
    folder = os.path.join(KEYS, "acme", asked["account"])
    try:
        os.makedirs(folder, exist_ok=True)
        key = account_key(folder)
        acme = connect(asked, key)
        say("thumbprint", josepy.b64encode(key.thumbprint()).decode())
    except Exception as error:
        say("problem", "-", json.dumps(problem_of(error)))
        return
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = obtain(acme, key, folder, asked["name"], asked["host"])
        except Exception as error:
            answer = problem_of(error)
        if isinstance(answer, dict):
            say("problem", asked["name"], json.dumps(answer))
        else:
            say("certificate", asked["name"], base64.b64encode(answer.encode()).decode())


main()
