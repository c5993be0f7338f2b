"""The stand-alone check agrees with the engine, and sees every change to what it checks."""

import ast
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.schemes.scheme import Level
from question_bank.blueprint import make_blueprint
from question_bank.item_types import ITEM_TYPES
from tests.unit.question_bank.examples import JUNIOR, exact_levels, in_sets, level_of, real_pools, varied, write_proof

SCRIPT = Path(__file__).parents[3] / "tools" / "check_draw.py"
BLUEPRINT = make_blueprint(JUNIOR)
POOL = in_sets(varied(BLUEPRINT, 3))


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_draw", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECK = loaded()


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some candidates have met every third item before."""
    folder = tmp_path_factory.mktemp("proof")
    write_proof(folder, BLUEPRINT, POOL, 6, seen=lambda number: {one.id for one in POOL[::3]} if number % 2 else set())
    return folder


def failures(folder: Path) -> list[str]:
    return [sentence for right, sentence in CHECK.findings(folder, None) if not right]


def test_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_a_proof_holds_in_a_process_of_its_own(proof: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(proof)], capture_output=True, encoding="utf-8", check=True
    )
    lines = run.stdout.splitlines()
    assert all(line.startswith("ok") for line in lines)
    assert sum("paper 7/" in line for line in lines) == 6
    assert lines[-1].endswith("order of options: derived again too")


def test_without_keys_the_order_of_options_is_skipped_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_proof(tmp_path, BLUEPRINT, POOL, 3, keys=False)
    assert CHECK.main(str(tmp_path)) == 0
    assert "skipped, since the keys were left out" in capsys.readouterr().out
    assert '"options"' not in (tmp_path / "papers.json").read_text(encoding="utf-8")


def test_another_secret_than_the_audit_log_names_fails(proof: Path) -> None:
    said = json.loads((proof / "seal.json").read_bytes())["committed"]["secret_sha256"]
    assert CHECK.main(str(proof), said) == 0
    assert CHECK.main(str(proof), "0" * 64) == 1


def test_files_of_another_shape_fail(proof: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(proof, tmp_path, dirs_exist_ok=True)
    (tmp_path / "papers.json").write_text("[1]", encoding="utf-8")
    assert CHECK.main(str(tmp_path)) == 1
    assert "do not have the shape" in capsys.readouterr().out


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every single value of a file, of lists only to the first and the last."""
    if isinstance(value, dict) and value:
        for name in list(value) if len(value) < 20 else [next(iter(value)), list(value)[-1]]:
            yield from leaves(value[name], (*path, name))
    elif isinstance(value, list) and value:
        for place in {0, len(value) - 1}:
            yield from leaves(value[place], (*path, place))
    else:
        yield path


def changed(value: Any) -> Any:
    if isinstance(value, str):
        return ("1" if value[:1] != "1" else "2") + value[1:]
    return value + 1 if isinstance(value, int) else ["tampered"]


def test_every_field_of_every_file_is_checked(proof: Path, tmp_path: Path) -> None:
    for file in proof.glob("*.json"):
        original = json.loads(file.read_bytes())
        for path in leaves(original):
            tampered = json.loads(file.read_bytes())
            inner = tampered
            for step in path[:-1]:
                inner = inner[step]
            inner[path[-1]] = changed(inner[path[-1]])
            shutil.copytree(proof, tmp_path, dirs_exist_ok=True)
            (tmp_path / file.name).write_text(json.dumps(tampered), encoding="utf-8")
            assert CHECK.main(str(tmp_path)) == 1, f"{file.name}: {path}"


def swap(papers: list[dict[str, Any]]) -> str:
    papers[2]["items"][:2] = papers[2]["items"][1::-1]
    return "7/3/0"


def leave_out(papers: list[dict[str, Any]]) -> str:
    papers[1]["items"].pop()
    return "7/2/0"


def repeat(papers: list[dict[str, Any]]) -> str:
    papers[4]["items"][5] = papers[4]["items"][6]
    return "7/5/0"


def turn_options(papers: list[dict[str, Any]]) -> str:
    papers[3]["options"][30].reverse()
    return "7/4/0"


def claim_a_later_try(papers: list[dict[str, Any]]) -> str:
    papers[0]["attempt"] += 1
    return "7/1/0"


def claim_the_solver(papers: list[dict[str, Any]]) -> str:
    papers[5]["attempt"] = -1
    return "7/6/0"


@pytest.mark.parametrize("tamper", [swap, leave_out, repeat, turn_options, claim_a_later_try, claim_the_solver])
def test_a_changed_paper_is_named(tamper: Callable[[list[dict[str, Any]]], str], proof: Path, tmp_path: Path) -> None:
    shutil.copytree(proof, tmp_path, dirs_exist_ok=True)
    papers = json.loads((tmp_path / "papers.json").read_bytes())
    name = tamper(papers)
    (tmp_path / "papers.json").write_text(json.dumps(papers), encoding="utf-8")
    assert any(f"paper {name}" in sentence for sentence in failures(tmp_path))


@settings(deadline=None, max_examples=40)
@given(exact_levels(), st.data())
def test_it_derives_the_papers_of_any_bank(level: Level, data: st.DataObject) -> None:
    blueprint = make_blueprint(level)
    pool = data.draw(real_pools(blueprint, more=8))
    seen = data.draw(st.sets(st.sampled_from([one.id for one in pool])))
    with TemporaryDirectory() as folder:
        try:
            write_proof(Path(folder), blueprint, pool, data.draw(st.integers(1, 4)), keys=data.draw(st.booleans()),
                        seen=lambda number: seen if number else set())  # fmt: skip
        except Refusal:
            return
        assert failures(Path(folder)) == []


def test_it_knows_how_every_type_orders_its_options(tmp_path: Path) -> None:
    options = {"truefalse": ("T", "F"), "fill": ("1", "2"), "matching": ("1", "2", "A", "B", "C"), "open": ()}
    blueprint = make_blueprint(level_of({"一": 50, "二": 50}, dict.fromkeys(ITEM_TYPES, (4, 1))))
    pool = [replace(one, options=options.get(one.type, one.options), key=()) for one in varied(blueprint, 4)]
    pool = [replace(one, key=("B",)) if one.type == "single" else one for one in pool]
    write_proof(tmp_path, blueprint, pool, 3)
    assert failures(tmp_path) == []
    papers = json.loads((tmp_path / "papers.json").read_bytes())
    orders = {tuple(order) for paper in papers for order in paper["options"]}
    assert {("T", "F"), ("1", "2"), ()} <= orders
    assert {order[:2] for order in orders if len(order) == 5} == {("1", "2")}
