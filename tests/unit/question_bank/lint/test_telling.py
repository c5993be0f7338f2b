from tests.unit.question_bank.lint.examples import choice, findings


def told(marked_wrong: int) -> list[str]:
    """Forty items whose key says “并”, and so many whose first wrong option does."""
    items = []
    for n in range(40):
        options = {"A": "只办最后一件", "B": "归纳诉求并确认", "C": "请他改日再说", "D": "转给值班同事"}
        if n < marked_wrong:
            options["A"] = "只办最后一件并挂断"
        items.append(choice(f"A-{n}", options=options))
    return [one.params["word"] for one in findings(items) if one.rule == "telling_word"]


def test_a_word_that_marks_keys_all_over_a_level() -> None:
    assert any("并" in word for word in told(0))


def test_a_word_that_stands_in_wrong_options_as_often_tells_nothing() -> None:
    assert not any(word == "并" for word in told(40))
