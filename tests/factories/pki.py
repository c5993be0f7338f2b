"""A public key infrastructure of the tests' own, made by certomancer: nothing of it is trusted anywhere else.

    pki = Pki()                                  from 2026 on; answers nobody, but makes everything in this process
    with served(Pki) as pki: …                   the same behind a real HTTP server on a port of 127.0.0.1
    with served(partial(Pki, tsa_years=2)) …

Under `root` stands `issuing`, and under that `signer` (signs documents), `signer-2` (its successor, same CA), `ocsp`,
and beside it `tsa-ca` with `tsa` and `tsa-2`. The CRLs of `root`, `issuing`, `tsa-ca` and an OCSP responder each of
`issuing` (`ocsp`) and `tsa-ca` (`tsa-ocsp`) are named in the certificates, under `pki.url`. All keys are P-256.

* `certificate(label)` / `asn1(label)` / `key(label)`      pyca certificate, asn1crypto certificate, pyca private key
* `pkcs12(label, passphrase)` / `root_pem` / `chain(label)`
* `stamper(at)` / `stamp(request, at)`                      a pyHanko TimeStamper without network; bytes → bytes
* `crl(issuer, at)` / `ocsp_response(request, at, label)`   DER
* `context(at, **more)`                                     a pyHanko ValidationContext with all revocation data of then
* `revoke(label, at, reason)`                               from now on CRLs and OCSP answers say so
* `at`                                                      the time of the TSA, CRLs and OCSP as served (None: now)
* `out_of_order`                                            of "tsa", "crls", "ocsp": these answer 503; `asked` counts
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from asn1crypto import ocsp, tsp  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from asn1crypto.crl import CRLReason  # type: ignore[import-untyped]
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, KeyLabel, PKIArchitecture, ServiceLabel
from certomancer.registry.issued.general import RevocationStatus
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    pkcs12,
)
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

ARCH = "pki"
NOWHERE = "http://pki.invalid"
STARTS = datetime(2026, 1, 1, tzinfo=UTC)
LABELS = ("root", "issuing", "signer", "signer-2", "ocsp", "tsa-ca", "tsa", "tsa-2", "tsa-ocsp")
CRLS = ("root", "issuing", "tsa-ca")
RESPONDERS = {"issuing": "ocsp", "tsa-ca": "tsa-ocsp"}


class Pki:
    """Certificates valid from `starts` for so many years each."""

    def __init__(
        self,
        url: str = NOWHERE,
        *,
        name: str = "测试 TEST",
        starts: datetime = STARTS,
        root_years: int = 25,
        ca_years: int = 15,
        signer_years: int = 3,
        tsa_years: int = 10,
        crl_days: int = 30,
    ) -> None:
        self.url, self.name, self.at = url, name, None
        starts = starts.replace(microsecond=0)
        self.out_of_order: set[str] = set()
        self.asked: Counter[str] = Counter()
        years = {"root": root_years, "issuing": ca_years, "tsa-ca": ca_years}
        years |= dict.fromkeys(("tsa", "tsa-2", "tsa-ocsp"), tsa_years)
        with tempfile.TemporaryDirectory() as folder:
            for label in LABELS:
                key = ec.generate_private_key(ec.SECP256R1())
                pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
                Path(folder, f"{label}.pem").write_bytes(pem)
            settings = _settings(url, name, starts, lambda label: years.get(label, signer_years), crl_days)
            self.arch: PKIArchitecture = CertomancerConfig(settings, folder).get_pki_arch(ArchLabel(ARCH))

    at: datetime | None

    # who there is

    def asn1(self, label: str = "signer") -> asn1_x509.Certificate:
        return self.arch.get_cert(CertLabel(label))

    def certificate(self, label: str = "signer") -> x509.Certificate:
        return x509.load_der_x509_certificate(self.asn1(label).dump())

    def key(self, label: str = "signer") -> ec.EllipticCurvePrivateKey:
        key = load_der_private_key(self.arch.key_set.get_private_key(KeyLabel(label)).dump(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def chain(self, label: str = "signer") -> list[x509.Certificate]:
        """Those above it, the root last."""
        return [self.certificate(one.value) for one in self.arch.get_chain(CertLabel(label))]

    @property
    def root_pem(self) -> bytes:
        return self.certificate("root").public_bytes(Encoding.PEM)

    def pkcs12(self, label: str = "signer", passphrase: str = "tests only") -> bytes:
        return pkcs12.serialize_key_and_certificates(
            label.encode(),
            self.key(label),
            self.certificate(label),
            self.chain(label),
            BestAvailableEncryption(passphrase.encode()),
        )

    # what they say

    def address(self, service: str) -> str:
        """Of "tsa", "tsa-2", "ocsp", "tsa-ocsp", or the CRL of "root", "issuing", "tsa-ca"."""
        if service in CRLS:
            return f"{self.url}/{ARCH}/crls/{service}/latest.crl"
        return f"{self.url}/{ARCH}/{'ocsp' if service in RESPONDERS.values() else 'tsa'}/{service}"

    def stamp(self, request: bytes, at: datetime, label: str = "tsa") -> bytes:
        """A TimeStampResp for a TimeStampReq."""
        authority = self.arch.service_registry.summon_timestamper(ServiceLabel(label), at)
        return bytes(authority.request_tsa_response(tsp.TimeStampReq.load(request)).dump())

    def stamper(self, at: datetime, label: str = "tsa") -> TimeStamper:
        return _Stamper(self, at, label)

    def crl(self, issuer: str, at: datetime) -> bytes:
        """Dated by the schedule of the issuer, so it may be some days old."""
        return bytes(self.arch.service_registry.get_crl(ServiceLabel(issuer), at).dump())

    def ocsp_response(self, request: bytes, at: datetime, label: str = "ocsp") -> bytes:
        whole = at.replace(microsecond=0)  # DER knows no fractions of a second here, and certomancer writes them
        responder = self.arch.service_registry.summon_responder(ServiceLabel(label), whole)
        return bytes(responder.build_ocsp_response(ocsp.OCSPRequest.load(request)).dump())

    def revoke(self, label: str, at: datetime, reason: str = "key_compromise") -> None:
        spec = self.arch.get_cert_spec(CertLabel(label))
        self.arch.get_cert(CertLabel(label))  # made before, and kept as it is
        said = RevocationStatus(revoked_since=at, reason=CRLReason(reason))
        self.arch._cert_specs[CertLabel(label)] = replace(spec, revocation=said)

    def context(self, at: datetime, **more: Any) -> ValidationContext:
        return ValidationContext(
            trust_roots=[self.asn1("root")],
            other_certs=[self.asn1(label) for label in ("issuing", "tsa-ca")],
            crls=[self.crl(label, at) for label in CRLS],
            moment=at,
            allow_fetching=False,
            **more,
        )


class _Stamper(TimeStamper):
    def __init__(self, pki: Pki, at: datetime, label: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._pki, self._at, self._label = pki, at, label

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._pki.stamp(req.dump(), self._at, self._label))


class _Services(Animator):
    """Certomancer's own services, at the time that the test says."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki
        super().__init__(AnimatorArchStore({ArchLabel(ARCH): pki.arch}), with_web_ui=False)

    def at_time(self, request: Request) -> datetime:
        return self._pki.at or datetime.now(UTC)


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """No line for each request."""


@contextmanager
def served(make: Callable[[str], Pki] = Pki) -> Iterator[Pki]:
    """A PKI whose TSA, OCSP responder and CRLs answer by HTTP."""
    holder: list[tuple[Pki, _Services]] = []

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        pki, services = holder[0]
        request = Request(environ)
        kind = request.path.split("/")[2] if request.path.count("/") > 2 else ""
        pki.asked[kind] += 1
        if kind in pki.out_of_order:
            return Response("out of order", 503)(environ, start_response)
        return services(environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Silent)
    pki = make(f"http://127.0.0.1:{server.server_port}")
    holder.append((pki, _Services(pki)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield pki
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _settings(url: str, name: str, starts: datetime, years: Callable[[str], int], crl_days: int) -> dict[str, Any]:
    def term(label: str) -> dict[str, str]:
        return {
            "valid-from": starts.isoformat(),
            "valid-to": starts.replace(year=starts.year + years(label)).isoformat(),
        }

    def certificate(label: str, issuer: str, *extensions: dict[str, Any]) -> dict[str, Any]:
        return {"subject": label, "issuer": issuer, "validity": term(label), "extensions": list(extensions)}

    return {
        "external-url-prefix": url,
        "keysets": {ARCH: {"keys": {label: {"path": f"{label}.pem"} for label in LABELS}}},
        "pki-architectures": {
            ARCH: {
                "keyset": ARCH,
                "entity-defaults": {"country-name": "CN", "organization-name": name},
                "entities": {label: {"common-name": f"{name} {label}"} for label in LABELS},
                "certs": {
                    "root": certificate("root", "root", _authority(None), _usage("key_cert_sign", "crl_sign")),
                    **{
                        label: certificate(
                            label, "root", _authority(0), _usage("key_cert_sign", "crl_sign"), _crls("root")
                        )
                        for label in ("issuing", "tsa-ca")
                    },
                    **{
                        label: certificate(
                            label, "issuing", _usage("digital_signature", "non_repudiation"), _crls("issuing"),
                            _ocsp("ocsp"),
                        )
                        for label in ("signer", "signer-2")
                    },
                    **{
                        label: certificate(label, issuer, _usage("digital_signature"), _purpose("ocsp_signing"),
                                           {"id": "ocsp_no_check"})
                        for issuer, label in RESPONDERS.items()
                    },
                    **{
                        label: certificate(
                            label, "tsa-ca", _usage("digital_signature"), _purpose("time_stamping"), _crls("tsa-ca"),
                            _ocsp("tsa-ocsp"),
                        )
                        for label in ("tsa", "tsa-2")
                    },
                },
                "services": {
                    "ocsp": {
                        label: {"for-issuer": issuer, "responder-cert": label, "validity-period": {"hours": 12}}
                        for issuer, label in RESPONDERS.items()
                    },
                    "crl-repo": {
                        label: {"for-issuer": label, "simulated-update-schedule": f"P{crl_days}D"} for label in CRLS
                    },
                    "time-stamping": {
                        label: {"signing-cert": label, "certs-to-embed": ["tsa-ca"]} for label in ("tsa", "tsa-2")
                    },
                },
            }
        },
    }  # fmt: skip


def _authority(path_length: int | None) -> dict[str, Any]:
    limit = {} if path_length is None else {"path_len_constraint": path_length}
    return {"id": "basic_constraints", "critical": True, "value": {"ca": True, **limit}}


def _usage(*allowed: str) -> dict[str, Any]:
    return {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": list(allowed)}}


def _purpose(purpose: str) -> dict[str, Any]:
    return {"id": "extended_key_usage", "critical": True, "value": [purpose]}


def _crls(*issuers: str) -> dict[str, Any]:
    named: Sequence[str] = list(issuers)
    params = {"crl-repo-names": named}
    return {"id": "crl_distribution_points", "smart-value": {"schema": "crl-dist-url", "params": params}}


def _ocsp(responder: str) -> dict[str, Any]:
    params = {"ocsp-responder-names": [responder]}
    return {"id": "authority_information_access", "smart-value": {"schema": "aia-urls", "params": params}}
