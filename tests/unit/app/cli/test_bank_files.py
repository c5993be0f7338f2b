import json
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.bank import Item, ItemState
from question_bank.interchange import FORMATS, write
from tests.factories import kinds
from tests.factories.items import bank_item, statement
from tests.unit.app.cli.commands import run, value

PLACE = ["--scheme", "PTS152010301-01", "--level", "junior", "--row", "五", "--content", "客户服务技巧"]
GIFT = "::Q1::先做什么？{=问候 ~推销 ~催促####先问候。}\n\n::Q2::这样对吗？{T}\n"


@pytest.fixture
def bank(store: Flask, tmp_path: Path) -> Flask:
    path = tmp_path / "first.yaml"
    path.write_bytes(write("yaml", [bank_item("A"), statement("B")]).content)
    assert run(store, "bank", "import", str(path)).exit_code == 0
    return store


@pytest.mark.parametrize("format_name", [one for one in FORMATS if one != "aiken"])
def test_every_format_exports_what_imports_as_unchanged(bank: Flask, tmp_path: Path, format_name: str) -> None:
    suffix = Path(write(format_name, [bank_item("A")]).name).suffix
    path = tmp_path / f"out{suffix}"
    written = value(run(bank, "bank", "export", "--format", format_name, "--output", str(path), "--json"))
    assert (written["items"], written["losses"]) == (2, [])
    again = value(run(bank, "bank", "import", str(path), "--json"))
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_what_aiken_cannot_carry_is_listed_item_by_item(bank: Flask) -> None:
    exported = run(bank, "bank", "export", "--format", "aiken")
    assert "ANSWER: B" in exported.stdout
    assert exported.stderr.count("rationale") == 2


def test_incomplete_items_are_refused_and_may_become_drafts(store: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.gift"
    path.write_text(GIFT, encoding="utf-8")
    refused = run(store, "bank", "import", str(path), *PLACE, "--json")
    assert refused.exit_code == 1
    listed = json.loads(refused.stderr)["error"]["details"]["problems"]
    assert {(one["item"], one["field"]) for one in listed} >= {("Q1", "source"), ("Q2", "rationale")}
    assert session.scalar(select(func.count()).select_from(Item)) == 0
    rehearsed = value(run(store, "bank", "import", str(path), *PLACE, "--as-drafts", "--dry-run", "--json"))
    assert (rehearsed["new"], rehearsed["dry_run"]) == (2, True)
    assert {one["field"] for one in rehearsed["losses"]} == {"difficulty"}
    assert session.scalar(select(func.count()).select_from(Item)) == 0
    words = run(store, "bank", "import", str(path), *PLACE, "--as-drafts")
    assert words.exit_code == 0
    assert "Q2" in words.stdout
    assert set(session.scalars(select(Item.state))) == {ItemState.DRAFT}


def test_the_corrected_copy_is_written_beside_the_refusal(store: Flask, tmp_path: Path) -> None:
    path, marked = tmp_path / "a.xlsx", tmp_path / "marked.xlsx"
    path.write_bytes(write("excel", [bank_item("A", key=("Z",)), bank_item("B")]).content)
    refused = run(store, "bank", "import", str(path), "--corrected", str(marked), "--json")
    assert refused.exit_code == 1
    [problem] = json.loads(refused.stderr)["error"]["details"]["problems"]
    assert (problem["sheet"], problem["line"], problem["field"]) == ("试题 Items", 2, "key")
    with zipfile.ZipFile(marked) as archive:
        comments = archive.read("xl/comments1.xml").decode()
    assert f'ref="{problem["column"]}2"' in comments


def test_a_marked_copy_is_made_of_one_workbook_only(store: Flask, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("items: [", encoding="utf-8")
    refused = run(store, "bank", "import", str(path), "--corrected", str(tmp_path / "m.xlsx"), "--json")
    assert json.loads(refused.stderr)["error"]["code"] == "one_workbook"


@pytest.mark.parametrize("output", [[], ["--output", "bank.yaml"]])
def test_a_workbook_is_not_written_where_text_is_expected(bank: Flask, output: list[str]) -> None:
    refused = run(bank, "bank", "export", "--format", "excel", *output, "--json")
    assert json.loads(refused.stderr)["error"]["code"] == "output_needed"
    assert not Path("bank.yaml").exists()


def test_the_template_is_a_workbook(store: Flask, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    assert value(run(store, "bank", "template", "--output", str(path), "--json")) == {"output": str(path)}
    with CalamineWorkbook.from_path(str(path)) as book:
        assert book.sheet_names[0] == "试题 Items"


def test_one_hostile_file_keeps_out_all(store: Flask, session: Session, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(write("yaml", [bank_item("A")]).content)
    (tmp_path / "b.xml").write_text('<!DOCTYPE quiz [<!ENTITY a "b">]><quiz/>', encoding="utf-8")
    refused = run(store, "bank", "import", str(tmp_path / "a.yaml"), str(tmp_path / "b.xml"))
    assert refused.exit_code == 1
    assert "b.xml" in refused.stderr
    assert session.scalar(select(func.count()).select_from(Item)) == 0


def test_pictures_stay_out_of_a_text_and_are_named(store: Flask, session: Session, tmp_path: Path) -> None:
    kinds.bank(session)
    session.commit()
    told = value(run(store, "bank", "export", "--json"))
    left_out = {one["item"] for one in told["losses"] if one["field"] == "media"}
    assert left_out == {"KD-02", "KD-05", "KD-11"}
    path = tmp_path / "bank.yaml"
    path.write_text(told["yaml"], encoding="utf-8")
    assert value(run(store, "bank", "import", str(path), "--dry-run", "--json"))["unchanged"] == told["items"] == 14
