"""The code that stands on a certificate is the signed one, and its address is the one printed beside it."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from app.core.clock import now
from certificates.register.dossier import dossier_of
from certificates.register.making import drafted
from certificates.twin import published
from tests.factories import certificates as factory
from tests.unit.tools.test_check_certificate_code import CHECKER


def test_the_face_of_a_certificate_bears_the_signed_code(session: Session) -> None:
    applied = factory.passed(session, name="阿卜杜热依木·麦麦提")
    (draft,) = drafted(session, [dossier_of(session, factory.REGISTRAR, applied, now(), factory.choice())], now())
    published.note(session, draft.issuer.keys, now())
    keys = published.jwks(session, current_app.extensions["settings"])["keys"]
    told, _ = CHECKER.check(draft.face.code, keys)
    assert (told["holder"], told["number"], told["kind"]) == (applied.candidate.name, draft.serial, "demonstration")
    assert draft.face.code.startswith(f"{draft.face.verification_url}#")


def test_a_long_name_still_fits_a_code_that_phones_read(session: Session) -> None:
    import segno

    applied = factory.passed(session, name="阿卜杜热依木·麦麦提吐尔逊·" * 4 + "江")
    (draft,) = drafted(session, [dossier_of(session, factory.REGISTRAR, applied, now(), factory.choice())], now())
    assert int(segno.make(draft.face.code, error="m", micro=False).version) <= 20
