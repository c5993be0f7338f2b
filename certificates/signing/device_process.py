"""The process in which a device's library runs, so that one that hangs, or falls, takes nobody along; see device.py.

Run as a file of its own, without the rest of the project. It hears which device on its input, then a question at a
time, and ends with the pipe: a digest is to be signed, None asks for the certificates in the device.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import pkcs11

QUESTIONS, ANSWERS = 0, 3
DONE, FAILED, WRONG_PIN = "done", "failed", "wrong pin"
_REFUSED = (pkcs11.exceptions.PinIncorrect, pkcs11.exceptions.PinLocked, pkcs11.exceptions.PinInvalid)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with who started it
    asked, told = Connection(QUESTIONS, writable=False), Connection(ANSWERS, readable=False)
    with suppress(EOFError, OSError):
        device, held = asked.recv(), list[Any]()
        while True:
            told.send(_answered(asked.recv(), device, held))


def _answered(question: bytes | None, device: tuple[str, str, str, str], held: list[Any]) -> tuple[str, Any]:
    """`held`: the session and the key in it, once there are any."""
    try:
        held[:] = held or _opened(*device)
        session, key = held
        if question is None:
            wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}
            return DONE, [bytes(one[pkcs11.Attribute.VALUE]) for one in session.get_objects(wanted)]
        return DONE, bytes(key.sign(question, mechanism=pkcs11.Mechanism.ECDSA))
    except _REFUSED:
        return WRONG_PIN, ""
    except (pkcs11.PKCS11Error, RuntimeError) as problem:  # the device's word, or the library cannot be opened
        return FAILED, str(problem) or type(problem).__name__


def _opened(module: str, token: str, pin: str, label: str) -> tuple[Any, Any]:
    session = pkcs11.lib(module).get_token(token_label=token).open(user_pin=pin or None)
    return session, session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)


if __name__ == "__main__":
    main()
