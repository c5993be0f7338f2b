import json

from flask import Flask

from app.schemes.scheme import scheme

CODE = "PTS152010301-01"


def test_list_and_show(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    listed = {one["code"]: one for one in json.loads(run(args=["scheme", "list", "--json"]).stdout)}[CODE]
    assert [level["code"] for level in listed["levels"]] == ["junior", "intermediate", "senior"]
    shown = json.loads(run(args=["scheme", "show", CODE, "--json"]).stdout)
    junior = shown["levels"][0]
    assert [row["weight"] for row in junior["theory"]["rows"]] == [
        row.weight for row in scheme(CODE).level("junior").theory.rows
    ]
    assert junior["theory"]["grace"] == scheme(CODE).level("junior").theory.grace.total_seconds()
    assert [one["id"] for one in shown["body_decisions"]] == [one.id for one in scheme(CODE).body_decisions]
    words = run(args=["scheme", "show", CODE]).stdout
    for decision in scheme(CODE).body_decisions:
        assert decision.decision in words or decision.decision_en in words


def test_an_unknown_scheme_is_refused(app: Flask) -> None:
    refused = app.test_cli_runner().invoke(args=["scheme", "show", "X"])
    assert refused.exit_code == 1
    assert CODE in refused.stderr
