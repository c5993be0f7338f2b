from pathlib import Path

import pytest

from app.core.errors import Refusal
from question_bank.bank_yaml import write_yaml
from question_bank.file_problems import BankInvalid
from question_bank.interchange import expand, read_files, unknown_enemies
from tests.factories.items import bank_item


def file(folder: Path, name: str, *codes: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(write_yaml([bank_item(code) for code in codes]), encoding="utf-8")
    return path


def test_folders_and_patterns_are_allowed(tmp_path: Path) -> None:
    one, two, three = file(tmp_path, "a.yaml", "A"), file(tmp_path, "b.yml", "B"), file(tmp_path, "in/c.yaml", "C")
    (tmp_path / "notes.txt").write_text("no items")
    assert expand([str(tmp_path)]) == [one, two, three]
    assert expand([str(tmp_path / "*.yaml"), str(one), str(tmp_path / "in")]) == [one, three]
    assert [found.item.id for found in read_files(expand([str(tmp_path)]))] == ["A", "B", "C"]


@pytest.mark.parametrize("path", ["none.yaml", "*.yaml", ""])
def test_a_path_without_files_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(Refusal) as refused:
        expand([str(tmp_path / path)])
    assert refused.value.code == "no_bank_files"


def test_the_same_code_in_two_files_names_both(tmp_path: Path) -> None:
    one, two = file(tmp_path, "a.yaml", "A", "B"), file(tmp_path, "b.yaml", "B")
    with pytest.raises(BankInvalid) as refused:
        read_files([one, two])
    [problem] = refused.value.details["problems"]
    assert (problem["file"], problem["item"], problem["field"]) == (str(two), "B", "id")
    assert str(one) in problem["reason"]


def test_the_problems_of_all_files_are_listed(tmp_path: Path) -> None:
    file(tmp_path, "a.yaml", "A")
    (tmp_path / "b.yaml").write_text("items: [")
    (tmp_path / "c.yaml").write_bytes(b"items:\n\xff")
    (tmp_path / "d.yaml").write_text(write_yaml([bank_item("D", key=("Z",))]))
    with pytest.raises(BankInvalid) as refused:
        read_files(expand([str(tmp_path)]))
    listed = refused.value.details["problems"]
    assert [Path(one["file"]).name for one in listed] == ["b.yaml", "c.yaml", "d.yaml"]
    assert listed[1]["line"] == 2
    assert all(one["reason"] for one in listed)


def test_a_format_is_asked_for_where_the_name_tells_none(tmp_path: Path) -> None:
    path = file(tmp_path, "items", "A")
    with pytest.raises(Refusal) as refused:
        read_files([path])
    assert refused.value.code == "unknown_format"
    assert len(read_files([path], "yaml")) == 1


def test_enemies_must_exist_here_or_in_the_bank(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(write_yaml([bank_item("A", enemies=frozenset({"B", "C", "D"})), bank_item("B")]))
    [problem] = unknown_enemies(read_files([path]), known={"C"})
    assert (problem.item, problem.field, problem.params["enemy"]) == ("A", "enemies", "D")
