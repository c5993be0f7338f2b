"""Settings, read from the environment once. Unset servers mean the embedded ones: a demonstration, never production."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingsError(SystemExit):
    """A setting is missing or unusable: the program ends with a sentence that says which and what to set."""


@dataclass(frozen=True)
class Settings:
    database_url: str
    redis_url: str
    secret_key: str
    data_dir: Path
    demonstration: bool
    """True on the embedded servers: the store may sign with its own demonstration authority."""
    identity_secret: str = ""
    identity_secrets_older: tuple[str, ...] = ()
    public_url: str = "http://127.0.0.1:8000"
    issuer: str = "呼叫联络客服水平评价项目中心"
    signing_pkcs12: Path | None = None
    signing_passphrase: str = ""
    signing_next_pkcs12: Path | None = None
    """The key that takes over as soon as its certificate is valid."""
    signing_next_passphrase: str = ""
    signing_pkcs11_module: Path | None = None
    """The library of a device that holds the key, in place of a PKCS#12 file."""
    signing_pkcs11_token: str = ""
    signing_pkcs11_pin: str = ""
    signing_pkcs11_label: str = ""
    signing_chain: Path | None = None
    """The signing certificate and those above it (PEM), where the device does not hold them."""
    signature_level: str = ""
    """Of PAdES: B-B, B-T, B-LT or B-LTA. Unset: the most that is set up."""
    tsa_urls: tuple[str, ...] = ()
    """Time-stamp authorities, asked in turn until one answers."""
    tsa_username: str = ""
    tsa_password: str = ""
    tsa_roots: Path | None = None
    """Who vouches for time stamps (PEM); unset: the same roots as for signatures."""
    trust_roots: Path | None = None
    revocation_lists: Path | None = None
    """A file or folder of CRLs: signing keys that were withdrawn, for whoever verifies."""
    log_key: Path | None = None
    """The Ed25519 key of the register's public log."""
    code_key: Path | None = None
    """The Ed25519 key of the codes printed on certificates."""
    credential_key: Path | None = None
    """The key of the digital credentials: Ed25519, P-256 or RSA."""
    mask_holder: bool = False
    """Whether programs, too, see only the beginning of a holder's name until they give the name or the file."""
    verifier_daily_quota: int = 10_000
    """Certificates that one employer's account may check in a day."""
    issuing_processes: int = 1
    """How many processes work off a long queue of certificates, the worker among them."""
    smtp_url: str = ""
    """smtp://USER:PASSWORD@HOST:PORT (STARTTLS), smtps://… (TLS from the start), smtp+plain://… (within a host)."""
    mail_from: str = ""
    mail_attach: bool = False
    """Whether the certificate itself goes with the message, and not the way to it alone."""
    secure_cookies: bool = False
    proxies: int = 0
    log_level: str = "info"
    backup_stamp: Path | None = None
    """A file that the backup touches when it is done; its age is told by /metrics."""
    upload_limit: int = 12 * 1024 * 1024
    testing: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Settings from the environment. With DATABASE_URL set, SECRET_KEY must be given as well."""
        env = os.environ if env is None else env
        data_dir = Path(env.get("DATA_DIR") or "var").resolve()
        database_url, redis_url = env.get("DATABASE_URL", ""), env.get("REDIS_URL", "")
        demonstration = not database_url
        if not database_url or not redis_url:
            from deploy import local  # only without servers of one's own

            database_url = database_url or local.ensure_database(data_dir)
            redis_url = redis_url or local.ensure_redis(data_dir)
        secret = env.get("SECRET_KEY") or (_kept_secret(data_dir) if demonstration else "")
        if len(secret) < 16:
            raise SettingsError("SECRET_KEY is missing or shorter than 16 characters: set it to a long random value.")
        pkcs12, roots, log_key = env.get("SIGNING_PKCS12"), env.get("TRUST_ROOTS"), env.get("LOG_KEY")
        return cls(
            database_url=_with_driver(database_url),
            redis_url=redis_url,
            secret_key=secret,
            data_dir=data_dir,
            demonstration=demonstration,
            identity_secret=env.get("IDENTITY_SECRET") or secret,
            identity_secrets_older=tuple(filter(None, env.get("IDENTITY_SECRETS_OLDER", "").split(","))),
            public_url=(env.get("PUBLIC_URL") or f"http://127.0.0.1:{env.get('PORT') or 8000}").rstrip("/"),
            issuer=env.get("ISSUER_NAME") or cls.issuer,
            signing_pkcs12=Path(pkcs12) if pkcs12 else None,
            signing_passphrase=env.get("SIGNING_PASSPHRASE", ""),
            signing_next_pkcs12=_path(env, "SIGNING_NEXT_PKCS12"),
            signing_next_passphrase=env.get("SIGNING_NEXT_PASSPHRASE", ""),
            signing_pkcs11_module=_path(env, "SIGNING_PKCS11_MODULE"),
            signing_pkcs11_token=env.get("SIGNING_PKCS11_TOKEN", ""),
            signing_pkcs11_pin=env.get("SIGNING_PKCS11_PIN", ""),
            signing_pkcs11_label=env.get("SIGNING_PKCS11_LABEL", ""),
            signing_chain=_path(env, "SIGNING_CHAIN"),
            signature_level=_signature_level(env.get("SIGNATURE_LEVEL", "")),
            tsa_urls=_addresses(env.get("TSA_URL", "")),
            tsa_username=env.get("TSA_USERNAME", ""),
            tsa_password=env.get("TSA_PASSWORD", ""),
            tsa_roots=_path(env, "TSA_ROOTS"),
            trust_roots=Path(roots) if roots else None,
            revocation_lists=_path(env, "REVOCATION_LISTS"),
            log_key=Path(log_key) if log_key else None,
            code_key=Path(env["CODE_KEY"]) if env.get("CODE_KEY") else None,
            credential_key=Path(env["CREDENTIAL_KEY"]) if env.get("CREDENTIAL_KEY") else None,
            mask_holder=env.get("MASK_HOLDER", "").lower() in ("1", "true", "yes"),
            verifier_daily_quota=int(env.get("VERIFIER_DAILY_QUOTA") or cls.verifier_daily_quota),
            issuing_processes=_processes(env.get("ISSUING_PROCESSES") or ""),
            smtp_url=_smtp_url(env.get("SMTP_URL", "")),
            mail_from=env.get("MAIL_FROM", ""),
            mail_attach=env.get("MAIL_ATTACH", "") == "1",
            secure_cookies=env.get("PUBLIC_URL", "").startswith("https://"),
            proxies=int(env.get("TRUSTED_PROXIES") or 0),
            log_level=_log_level(env.get("LOG_LEVEL") or "info"),
            backup_stamp=Path(env["BACKUP_STAMP"]) if env.get("BACKUP_STAMP") else None,
        )


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]) if env.get(name) else None


def _signature_level(given: str) -> str:
    if given not in ("", "B-B", "B-T", "B-LT", "B-LTA"):
        raise SettingsError(f"SIGNATURE_LEVEL={given} is not known: give B-B, B-T, B-LT or B-LTA.")
    return given


def _addresses(given: str) -> tuple[str, ...]:
    addresses = tuple(filter(None, (one.strip() for one in given.split(","))))
    for one in addresses:
        if not one.startswith(("http://", "https://")):
            raise SettingsError(f"TSA_URL={one} is not an address: give http://… or https://…, several with commas.")
    return addresses


def _log_level(given: str) -> str:
    if given not in ("debug", "info", "warning", "error"):
        raise SettingsError(f"LOG_LEVEL={given} is not known: give debug, info, warning or error.")
    return given


def _processes(given: str) -> int:
    if given and (not given.isdigit() or not 1 <= int(given) <= 64):
        raise SettingsError(f"ISSUING_PROCESSES={given} is no number of processes: give one from 1 to 64.")
    return int(given) if given else min(os.cpu_count() or 1, 4)


def _smtp_url(given: str) -> str:
    if given and not given.startswith(("smtp://", "smtps://", "smtp+plain://")):
        raise SettingsError("SMTP_URL is not understood: give smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS.")
    return given


def _with_driver(url: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _kept_secret(data_dir: Path) -> str:
    """A random secret of the demonstration store, made once and readable by its owner alone."""
    path = data_dir / "secret_key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(value := secrets.token_urlsafe(48))
    return value
