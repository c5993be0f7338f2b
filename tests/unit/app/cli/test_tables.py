from app.cli.tables import table, width


def test_chinese_characters_take_two_places() -> None:
    assert width("a中（") == 5
    assert table(["行", "n"], [["五十", 1], ["x", 20]]) == "行    n\n----  --\n五十  1\nx     20"
