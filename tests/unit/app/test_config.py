"""Settings come from the environment once, and no secret has a default outside the demonstration."""

from __future__ import annotations

import pytest

from app.config import Settings, SettingsError

SERVERS = {"DATABASE_URL": "postgres://u@db/exam", "REDIS_URL": "redis://cache"}
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("secret", [None, "", "short"])
def test_a_store_of_ones_own_needs_a_secret_of_ones_own(secret: str | None) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        Settings.from_env({**SERVERS, **({} if secret is None else {"SECRET_KEY": secret})})


def test_with_servers_named_it_is_no_demonstration() -> None:
    settings = Settings.from_env({**SERVERS, "SECRET_KEY": SECRET, "PUBLIC_URL": "https://exam.example.org/"})
    assert not settings.demonstration
    assert settings.database_url == "postgresql+psycopg://u@db/exam"
    assert (settings.public_url, settings.secure_cookies) == ("https://exam.example.org", True)
    assert settings.identity_secret == SECRET


def test_older_identity_secrets_are_a_list() -> None:
    settings = Settings.from_env({**SERVERS, "SECRET_KEY": SECRET, "IDENTITY_SECRETS_OLDER": "first,,second"})
    assert settings.identity_secrets_older == ("first", "second")


def test_time_stamp_authorities_are_a_list() -> None:
    settings = Settings.from_env({**SERVERS, "SECRET_KEY": SECRET, "TSA_URL": "https://a.example/tsa, http://b/ ,"})
    assert settings.tsa_urls == ("https://a.example/tsa", "http://b/")


@pytest.mark.parametrize(("name", "value"), [("TSA_URL", "ftp://tsa"), ("SIGNATURE_LEVEL", "B-X")])
def test_what_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}={value}"):
        Settings.from_env({**SERVERS, "SECRET_KEY": SECRET, name: value})
