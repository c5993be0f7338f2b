"""Every certificate is sound PDF/A, tagged, and reads as it was written."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.core.errors import Refusal
from certificates.drawing import conformity, wording
from certificates.drawing.face import CertificateFace
from certificates.drawing.pdf import draw, drawn
from certificates.drawing.template import FieldLine, TemplateBody, TitleWords, What, Words, built_in
from certificates.drawing.typefaces import composed
from tests.unit.certificates.conftest import a_face

MORE = (FieldLine(what=What.CODE, zh="标准号"), FieldLine(what=What.EXPIRES_ON, zh="有效期至"))
SPLENDID = built_in().model_copy(
    update={
        "title": TitleWords(zh="龘龘等级合格证书", en="CERTIFICATE"),
        "orientation": "landscape",
        "award": (*built_in().award, Words(zh="{holder}（{serial}），{level}，{date}。", en="{issuer}: {scheme}")),
        "fields": (*built_in().fields, *MORE),
    }
)
CHINESE_ONLY = built_in().model_copy(update={"languages": "zh", "photo": False})


def squeezed(text: str) -> str:
    return "".join(text.split())


def read(pdf: bytes) -> str:
    return squeezed(PdfReader(BytesIO(pdf)).pages[0].extract_text())


@pytest.mark.parametrize("template", [built_in(), SPLENDID, CHINESE_ONLY])
@pytest.mark.parametrize("name", ["王小明", "李𬭊𠮷𬎆", "Nguyễn Thị Ánh Łuk", "阿卜杜热依木·麦麦提吐尔逊", "永" * 200])
def test_each_template_makes_sound_pdf_a_of_each_name(template: TemplateBody, name: str, photo: bytes) -> None:
    pdf = drawn(a_face(holder_name=name, photo=photo, template=template, demonstration=len(name) == 3))
    assert conformity.findings(pdf, "2b") == []
    assert conformity.faults(pdf, "2b") == []
    assert squeezed(name) in read(pdf)


NAMES = st.text(st.sampled_from("永王A W<>&·éğ字𠮷l1𬭊㛃(){}\\/%'\""), min_size=1, max_size=60).filter(str.strip)


@given(NAMES)
@settings(max_examples=15, deadline=None)
def test_whatever_is_drawn_is_sound_and_reads_the_same(name: str) -> None:
    pdf = drawn(a_face(holder_name=name))
    assert conformity.findings(pdf, "2b") == []
    assert squeezed(composed(name)) in read(pdf)


def test_the_credential_is_attached_where_the_template_says_so() -> None:
    template = built_in().model_copy(update={"conformance": "3b"})
    pdf = draw(a_face(template=template, credential=b"eyJhbGciOi.e30.sig"))
    assert conformity.findings(pdf, "3b") == []
    assert PdfReader(BytesIO(pdf)).attachments == {"credential.jwt": [b"eyJhbGciOi.e30.sig"]}
    assert PdfReader(BytesIO(draw(a_face(credential=b"eyJ")))).attachments == {}


def test_what_is_no_pdf_a_is_refused_at_its_first_and_at_every_later_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refusal) as refused:
        conformity.refuse_unfit(b"%PDF-1.7\n", "2b", "kind")
    assert refused.value.code == "document_not_archivable"
    sound = drawn(a_face())
    conformity.refuse_unfit(sound, "2b", "kind")
    for broken in (
        sound.replace(b"/OutputIntents", b"/OutputIntentz"),
        sound[:-400],
        sound.replace(b"FontFile2", b"FontFile9"),
    ):
        with pytest.raises(Refusal):
            conformity.refuse_unfit(broken, "2b", "kind")


def elements(one: Any) -> list[Any]:
    found = []
    for kid in one.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary):
            found += [kid, *elements(kid)]
    return found


def test_the_page_is_tagged_in_reading_order_with_words_for_every_picture(photo: bytes) -> None:
    with pikepdf.open(BytesIO(draw(a_face(photo=photo)))) as opened:
        root = opened.Root
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        tags = elements(root.StructTreeRoot)
        figures = [one for one in tags if one.S == "/Figure"]
        assert len(figures) == 3
        assert all(str(one.Alt) for one in figures)
        order = [str(one.S) for one in tags]
        assert order.index("/H1") < order.index("/Table")
        assert order.count("/TH") == order.count("/TD") == len(built_in().fields)
        assert {str(one.Lang) for one in tags if "/Lang" in one} == {"zh-CN", "en"}
        marked = [int(kid) for one in tags for kid in one.K if not isinstance(kid, pikepdf.Dictionary)]
        parents = root.StructTreeRoot.ParentTree.Nums[1]
        assert sorted(marked) == list(range(len(parents)))


def test_nothing_on_the_page_is_without_a_tag() -> None:
    with pikepdf.open(BytesIO(draw(a_face(demonstration=True)))) as opened:
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(opened.pages[0]):
            name = str(operator)
            depth += name in {"BDC", "BMC"}
            depth -= name == "EMC"
            assert depth or name == "EMC", (operands, name)
        assert depth == 0


def test_another_reader_hears_title_and_number_as_one_word(tmp_path: Path) -> None:
    program = shutil.which("pdftotext")
    assert program, "poppler-utils belongs to the tools of the tests"
    (tmp_path / "page.pdf").write_bytes(draw(a_face(holder_name="李𬭊𠮷𬎆")))
    told = subprocess.run([program, "-raw", tmp_path / "page.pdf", "-"], capture_output=True, check=True, text=True)
    lines = told.stdout.splitlines()
    assert wording.TITLE in lines
    places = [told.stdout.index(part) for part in (wording.TITLE, "李𬭊𠮷𬎆", "C-2026-000123-7", wording.AWARD)]
    assert places == sorted(places)


def test_the_code_may_say_more_than_the_address() -> None:
    assert draw(a_face(code="https://exam.example.org/verify/C-2026-000123-7#c1.k.f.s")) != draw(a_face())


def test_a_face_travels_to_another_process() -> None:
    import pickle

    face: CertificateFace = a_face(template=SPLENDID)
    assert pickle.loads(pickle.dumps(face)) == face  # noqa: S301 (our own bytes)


def test_many_may_be_drawn_at_once(photo: bytes) -> None:
    from concurrent.futures import ThreadPoolExecutor

    faces = [a_face(holder_name=name, photo=photo) for name in ("王小明", "李𬭊", "Łukasz", "欧阳娜")] * 3
    alone = [drawn(face) for face in faces[:4]] * 3
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(drawn, faces)) == alone
