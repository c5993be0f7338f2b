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
    trust_roots: Path | None = None
    log_key: Path | None = None
    """The Ed25519 key of the register's public log."""
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
            trust_roots=Path(roots) if roots else None,
            log_key=Path(log_key) if log_key else None,
            secure_cookies=env.get("PUBLIC_URL", "").startswith("https://"),
            proxies=int(env.get("TRUSTED_PROXIES") or 0),
            log_level=_log_level(env.get("LOG_LEVEL") or "info"),
            backup_stamp=Path(env["BACKUP_STAMP"]) if env.get("BACKUP_STAMP") else None,
        )


def _log_level(given: str) -> str:
    if given not in ("debug", "info", "warning", "error"):
        raise SettingsError(f"LOG_LEVEL={given} is not known: give debug, info, warning or error.")
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
