"""Refusals that time alone may mend: somebody outside did not answer. Nothing was signed; it is worth another try."""

from __future__ import annotations

from app.core.errors import N_, Refusal


class Unavailable(Refusal):
    """`details["about"]` says in plain words what was seen; it is for the operator, never for strangers."""

    def __init__(self, code: str, message: str, about: str) -> None:
        super().__init__(code, message, status=503, details={"about": about})

    @property
    def about(self) -> str:
        return str(self.details["about"])


def timestamp_unavailable(about: str) -> Unavailable:
    return Unavailable(
        "timestamp_unavailable",
        N_(
            "The time-stamp authority does not answer as it should, so nothing was signed. It is tried again by "
            "itself; if this lasts, check TSA_URL and the network."
        ),
        about,
    )


def revocation_unavailable(about: str) -> Unavailable:
    return Unavailable(
        "revocation_unavailable",
        N_(
            "The proof that the signing certificates are not revoked cannot be fetched, so nothing was signed. It is "
            "tried again by itself; if this lasts, check that the lists of the certification authority can be reached."
        ),
        about,
    )


def seal_unavailable(about: str) -> Unavailable:
    return Unavailable(
        "seal_unavailable",
        N_(
            "The device that holds the signing key does not answer, so nothing was signed. It is tried again by "
            "itself; if this lasts, check the device and the SIGNING_PKCS11 settings."
        ),
        about,
    )
