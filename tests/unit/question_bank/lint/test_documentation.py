import ast
from pathlib import Path

ROOT = Path(__file__).parents[4]


def named_rules() -> set[str]:
    """First arguments of every Mark, Finding and rule maker in the linter."""
    calls = (
        node
        for path in (ROOT / "question_bank" / "lint").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
    )
    makers = {"Mark", "Finding", "_all_or_no_option"}
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in makers and isinstance(call.args[0], ast.Constant)
    }


def test_every_rule_is_documented() -> None:
    text = (ROOT / "docs" / "item-writing.md").read_text(encoding="utf-8")
    assert len(named_rules()) > 50
    assert {rule for rule in named_rules() if f"`{rule}`" not in text} == set()
