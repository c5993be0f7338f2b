"""Items as GIFT."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from html import escape

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.formats import carried
from question_bank.formats.gift_reading import CRITERIA, STIMULUS, block_fields, stimulus_fields
from question_bank.formats.gift_text import blocks, comment, escaped
from question_bank.formats.html_writing import is_plain, to_html, to_inline
from question_bank.formats.media_bag import as_data
from question_bank.formats.values import Loss, Written
from question_bank.item_text import GAP
from question_bank.item_types.fill import BETWEEN_FORMS
from question_bank.item_types.matching import choices, premises, split
from question_bank.stimuli import Media, Stimulus

Text = Callable[[str], str]
_PLACE = "\x00"


def write_gift(items: Sequence[BankItem]) -> Written:
    parts, told, losses = [], set[str](), list[Loss]()
    for item in sorted(items, key=lambda one: one.id):
        if item.type == "fill" and len(item.key) != 1:
            message = N_("GIFT has room for one gap and this item has %(count)s; it is left out.")
            losses.append(Loss(item.id, "type", message, {"count": len(item.key)}))
            continue
        losses += _losses(item)
        if item.stimulus and item.stimulus.id not in told:
            told.add(item.stimulus.id)
            parts.append(_stimulus(item.stimulus))
        parts.append(_question(item))
    return Written("bank.gift", "\n\n".join([*parts, ""]).encode(), tuple(losses))


def _losses(item: BankItem) -> list[Loss]:
    found = []
    if item.stimulus and item.stimulus.audio:
        message = N_(
            "Moodle does not count how often a recording is heard; the limit of %(plays)s is only written down."
        )
        found.append(Loss(item.id, "stimulus", message, {"plays": item.stimulus.plays}))
    if item.type == "open":
        message = N_("GIFT has no place for criteria; they are kept as a comment.")
        found.append(Loss(item.id, "criteria", message))
    return found


def _question(item: BankItem) -> str:
    def render(words: dict[str, str]) -> str:
        return f"{comment(item.id, words)}\n{_Question(item).text()}"

    words = carried.told(item)
    if item.stimulus:
        words[STIMULUS] = item.stimulus.id
    if item.criteria:
        words[CRITERIA] = "\n".join(f"{one.text}（{format(one.points, 'f')} 分）" for one in item.criteria)
    wanted = carried.without_stimulus(carried.meant(item))
    return carried.with_exact(words, wanted, render, lambda text: block_fields(next(blocks(text))))


def _stimulus(stimulus: Stimulus) -> str:
    def render(words: dict[str, str]) -> str:
        source = _source(stimulus.media)
        sound = f'<p><audio controls="controls" src="{source(stimulus.audio)}"></audio></p>' if stimulus.audio else ""
        body = escaped(to_html(stimulus.text, source) + sound)
        return f"{comment(stimulus.id, words)}\n::{escaped(stimulus.title)}::[html]{body}"

    words = {STIMULUS: stimulus.id}
    wanted: dict[str, object] = {"id": stimulus.id, "title": stimulus.title}
    wanted |= {"text": stimulus.text} if stimulus.text else {}
    if stimulus.audio:
        words["plays"] = str(stimulus.plays)
        wanted |= {"audio": stimulus.audio, "plays": stimulus.plays}
    return carried.with_exact(words, wanted, render, lambda text: stimulus_fields(next(blocks(text))))


def _source(media: Mapping[str, Media]) -> Text:
    return lambda name: as_data(media[name]) if name in media else escape(name)


class _Question:
    """Plain where every text is plain, else HTML throughout: GIFT takes one form for a question."""

    def __init__(self, item: BankItem) -> None:
        self.item, self.key = item, item.stored_key()
        shown = [item.stem, *item.options.values()]
        self.plain = not item.media and all(is_plain(text) for text in shown) and not self.has_comments()
        self.source = _source(item.media)

    def has_comments(self) -> bool:
        """A step of an ordering stands at the beginning of its line, where // would hide it."""
        return self.item.type == "ordering" and any(text.startswith("//") for text in self.item.options.values())

    def text(self) -> str:
        item = self.item
        answers = getattr(self, f"_{item.type}")()
        # Moodle takes everything in the braces of an ordering for steps, so its rationale travels in the comment.
        told = item.rationale and item.type != "ordering"
        reason = f"\n####{self.words(item.rationale)}" if told else ""
        before, after = self.stem()
        form = "plain" if self.plain else "html"
        return f"::{escaped(item.id)}::[{form}]{before}{{{answers}{reason}\n}}{after}"

    def stem(self) -> tuple[str, str]:
        if self.item.type != "fill":
            return (escaped(self.item.stem) if self.plain else escaped(to_html(self.item.stem, self.source))), ""
        marked = GAP.sub(_PLACE, self.item.stem, count=1)
        text = marked if self.plain else to_html(self.item.stem, self.source, lambda _: _PLACE)
        before, _, after = escaped(text).partition(_PLACE)
        return before, after

    def shown(self, text: str) -> str:
        """An option in the question's form; a share of marks is not to be read out of it."""
        found = escaped(text) if self.plain else escaped(to_inline(text, self.source))
        return f" {found}" if found.startswith(("%", "[")) else found

    def words(self, text: str) -> str:
        if self.plain:
            return escaped(text)
        return escaped("<br>".join(escape(line, quote=False) for line in text.split("\n")))

    def reason(self, option: str) -> str:
        return f"#{self.words(self.item.feedback[option])}" if option in self.item.feedback else ""

    def _truefalse(self) -> str:
        return "TRUE" if self.key == ["T"] else "FALSE"

    def _single(self) -> str:
        return "".join(
            f"\n{'=' if one in self.key else '~'}{self.shown(text)}{self.reason(one)}"
            for one, text in self.item.options.items()
        )

    def _multiple(self) -> str:
        part = format((Decimal(100) / len(self.key)).quantize(Decimal("0.00001")).normalize(), "f")
        return "".join(
            f"\n~%{part if one in self.key else '-100'}%{self.shown(text)}{self.reason(one)}"
            for one, text in self.item.options.items()
        )

    def _fill(self) -> str:
        forms = [form.strip() for form in self.key[0].split(BETWEEN_FORMS)]
        return "".join(f"\n={' ' if form.startswith(('%', '[')) else ''}{escaped(form)}" for form in forms)

    def _ordering(self) -> str:
        steps = [self.shown(self.item.options[one]) for one in self.key]
        lines = "".join(f"\n{escaped('&#47;') + step[1:] if step.startswith('//') else step}" for step in steps)
        return f">{len(self.key)} ALL VERTICAL ABSOLUTE_POSITION{lines}"

    def _matching(self) -> str:
        options, pairs = self.item.options, dict(split(pair) for pair in self.key)
        lines = [(self.premise(options[one]), escaped(options[pairs[one]])) for one in premises(tuple(options))]
        lines += [("", escaped(options[one])) for one in choices(tuple(options)) if one not in pairs.values()]
        return "".join(f"\n={one} -> {other}" for one, other in lines)

    def premise(self, text: str) -> str:
        found = self.shown(text)
        return found.replace("->", "-&gt;") if not self.plain else found.replace("->", "-\\>")

    def _open(self) -> str:
        return ""
