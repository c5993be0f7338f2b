import json
from pathlib import Path

import pytest
import yaml
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.bank import Item
from question_bank.bank_yaml import write_yaml
from tests.factories.items import bank_item
from tests.unit.app.cli.commands import run, value

SHIPPED = str(Path(__file__).parents[4] / "question_bank" / "content")
DRAW = ["paper", "draw", "--scheme", "PTS152010301-01", "--level", "junior"]


@pytest.fixture
def bank(store: Flask) -> Flask:
    assert run(store, "bank", "import", SHIPPED).exit_code == 0
    return store


def test_import_counts_and_a_second_time_changes_nothing(store: Flask) -> None:
    first = value(run(store, "bank", "import", SHIPPED, "--json"))
    assert first["new"] >= 270
    second = value(run(store, "bank", "import", SHIPPED, "--json"))
    assert (second["new"], second["changed"], second["unchanged"]) == (0, 0, first["new"])
    assert (second["enemies_added"], second["enemies_removed"]) == (0, 0)


def test_a_rehearsal_keeps_nothing(store: Flask, session: Session) -> None:
    assert value(run(store, "bank", "import", SHIPPED, "--dry-run", "--json"))["new"] >= 270
    assert session.scalar(select(func.count()).select_from(Item)) == 0


def test_one_wrong_item_keeps_out_all(store: Flask, session: Session, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(write_yaml([bank_item("A", enemies=frozenset({"B"})), bank_item("B")]))
    (tmp_path / "b.yaml").write_text(
        write_yaml([bank_item("C", content="错"), bank_item("D", enemies=frozenset({"E"}))])
    )
    refused = run(store, "bank", "import", str(tmp_path), "--json")
    assert refused.exit_code == 1
    assert refused.stdout == ""
    [problem] = json.loads(refused.stderr)["error"]["details"]["problems"]
    assert (Path(problem["file"]).name, problem["item"], problem["field"]) == ("b.yaml", "C", "content")
    assert session.scalar(select(func.count()).select_from(Item)) == 0
    (tmp_path / "b.yaml").write_text(write_yaml([bank_item("D", enemies=frozenset({"E"}))]))
    refused = run(store, "bank", "import", str(tmp_path))
    assert refused.exit_code == 1
    assert "“E”" in refused.stderr


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_a_file_that_does_not_parse_is_named_with_its_line(
    store: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LANG", language)
    (tmp_path / "a.yaml").write_text("scheme: X\nitems: [1, }\n")
    refused = run(store, "bank", "import", str(tmp_path), "--json")
    [problem] = json.loads(refused.stderr)["error"]["details"]["problems"]
    assert problem["line"] == 2
    assert problem["reason"]
    assert "%(" not in problem["reason"]


def test_what_is_exported_imports_as_unchanged(bank: Flask, tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    assert value(run(bank, "bank", "export", "--level", "初级", "--output", str(path), "--json"))["items"] >= 270
    again = value(run(bank, "bank", "import", str(path), "--json"))
    assert (again["new"], again["changed"], again["enemies_added"], again["enemies_removed"]) == (0, 0, 0, 0)
    assert path.read_text(encoding="utf-8").strip() == run(bank, "bank", "export", "--level", "junior").stdout.strip()


def test_stats_have_every_cell_three_times_over(bank: Flask) -> None:
    junior = next(one for one in value(run(bank, "bank", "stats", "--json")) if one["level"] == "junior")
    assert sum(cell["needed"] for cell in junior["cells"]) == 90
    assert all(cell["have"] >= 3 * cell["needed"] for cell in junior["cells"])
    assert sum(one["have"] for one in junior["types"]) == junior["items"] - junior["practice"]
    assert all(sum(spread["bands"]) == spread["count"] for spread in junior["difficulty"])
    assert "客户服务技巧" in run(bank, "bank", "stats").stdout


def test_lint_of_the_bank_and_of_files(bank: Flask, tmp_path: Path) -> None:
    for where in ([], [SHIPPED]):
        passed = value(run(bank, "bank", "lint", *where, "--json"))
        assert passed["findings"] == []
        assert all(one["even"] and one["df"] >= 1 and 0 <= one["p"] <= 1 for one in passed["balance"])
    path = tmp_path / "a.yaml"
    path.write_text(write_yaml([bank_item("A", options={"A": "甲", "B": "乙", "C": "丙", "D": "以上都对"})]))
    refused = run(bank, "bank", "lint", str(path), "--json")
    assert refused.exit_code == 1
    details = json.loads(refused.stderr)["error"]["details"]
    assert set(details["rules"]) >= {"all_or_none", "coverage", "feedback_missing"}
    assert next(one for one in details["problems"] if one["rule"] == "all_or_none")["item"] == "A"
    assert {one["file"] for one in details["problems"] if one["rule"] == "coverage"} == {"junior 五 客户服务技巧"}
    everything = json.loads(run(bank, "bank", "lint", str(tmp_path), "--json").stderr)["error"]["details"]
    assert everything["rules"]["coverage"] > details["rules"]["coverage"]


def test_lint_shows_its_figures_also_where_all_is_well(bank: Flask) -> None:
    words = run(bank, "bank", "lint").stdout
    assert "卡方" in words
    assert "客户服务技巧" in words


def test_proposed_enemies_are_yaml(store: Flask, tmp_path: Path) -> None:
    first, second = bank_item("A"), bank_item("B", stem="客户一口气说了五件事，座席最恰当的做法是？")
    (tmp_path / "a.yaml").write_text(write_yaml([first, second, bank_item("C", stem="雨天派送延误。")]))
    said = run(store, "bank", "lint", str(tmp_path), "--propose-enemies")
    assert yaml.safe_load(said.stdout)["A"] == {"enemies": ["B", "C"]}
    proposed = value(run(store, "bank", "lint", str(tmp_path), "--propose-enemies", "--json"))
    assert proposed[0] == {"item": "A", "enemy": "B", "why": "stems", "percent": 95}


def test_papers_are_exact_and_drawn_again_the_same(bank: Flask, tmp_path: Path) -> None:
    drawn = run(bank, *DRAW, "--count", "3", "--seed", "7")
    assert drawn.exit_code == 0
    papers = [json.loads(line) for line in drawn.stdout.splitlines()]
    assert [paper["paper"] for paper in papers] == [1, 2, 3]
    for paper in papers:
        assert set(paper) == {"paper", "seed", "snapshot", "items", "totals", "expected", "seconds"}
        assert paper["totals"]["rows"] == {"一": 10, "五": 40, "六": 25, "七": 25}
        assert paper["totals"]["types"] == {"truefalse": 20, "single": 60, "multiple": 10}
        assert len({one["id"] for one in paper["items"]}) == 90
        assert sum(one["marks"] for one in paper["items"]) == 100
        item = {"id", "version", "row", "content", "type", "marks", "difficulty", "seconds", "stimulus"}
        assert set(paper["items"][0]) == item
    path = tmp_path / "papers.jsonl"
    assert run(bank, *DRAW, "--count", "3", "--seed", "7", "--output", str(path)).exit_code == 0
    assert path.read_text(encoding="utf-8") == drawn.stdout
    assert run(bank, *DRAW, "--count", "3", "--seed", "8").stdout != drawn.stdout


def test_a_bank_that_cannot_fill_the_blueprint_names_each_cell(store: Flask, tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    refused = run(store, *DRAW, "--seed", "1", "--json", "--output", str(path))
    assert refused.exit_code == 1
    error = json.loads(refused.stderr)["error"]
    assert error["code"] == "blueprint_unfillable"
    assert {cell["row"] for cell in error["details"]["cells"]} == {"一", "五", "六", "七"}
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_refused(bank: Flask, tmp_path: Path) -> None:
    refused = run(bank, *DRAW, "--seed", "1", "--output", str(tmp_path / "none" / "papers.jsonl"))
    assert refused.exit_code == 1
    assert "papers.jsonl" in refused.stderr


@pytest.mark.parametrize(
    "words",
    ["bank export", "bank export --level x", "bank stats --level x", "bank stats --scheme x", "bank import /none"],
)
def test_what_cannot_be_met_is_refused_with_words(store: Flask, words: str) -> None:
    refused = run(store, *words.split())
    assert refused.exit_code == 1
    assert refused.stderr.strip()


def test_only_export_prints_keys(bank: Flask) -> None:
    one = str(min(Path(SHIPPED).rglob("*.yaml")))
    for words in (["bank", "stats"], ["bank", "lint"], ["bank", "import", one], [*DRAW, "--seed", "1"]):
        for flags in ([], ["--json"]):
            assert '"key"' not in run(bank, *words, *flags).output


def test_lint_tells_in_the_readers_language_what_does_not_parse(store: Flask, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("items: [a, {b: ]", encoding="utf-8")
    said = [json.loads(run(store, "bank", verb, str(path), "--json").stderr)["error"] for verb in ("import", "lint")]
    assert said[0] == said[1]
