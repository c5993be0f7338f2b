"""Items as Moodle XML, for its question bank."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape
from itertools import groupby
from pathlib import PurePosixPath
from urllib.parse import quote

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.formats import carried
from question_bank.formats.html_writing import to_html, to_inline
from question_bank.formats.moodle_cloze import field
from question_bank.formats.moodle_reading import STIMULUS, question_fields, stimulus_fields
from question_bank.formats.values import Loss, Written
from question_bank.formats.xml_reading import parse, printable
from question_bank.item_types.fill import BETWEEN_FORMS
from question_bank.item_types.matching import choices, premises, split
from question_bank.stimuli import Media, Stimulus

_TYPES = {
    "truefalse": "truefalse", "single": "multichoice", "multiple": "multichoice", "fill": "cloze",
    "ordering": "ordering", "matching": "matching", "open": "essay",
}  # fmt: skip
_PLACE = re.compile("\0(\\d+)\0")


def write_moodle(items: Sequence[BankItem]) -> Written:
    parts, told = [], set[str]()
    listed = sorted(items, key=lambda one: (one.scheme, one.level, one.row, one.content, one.id))
    for place, group in groupby(listed, key=lambda one: (one.scheme, one.level, one.row, one.content)):
        parts.append(_category(place))
        for item in group:
            if item.stimulus and item.stimulus.id not in told:
                told.add(item.stimulus.id)
                parts.append(_stimulus_question(item.stimulus))
            parts.append(_question(item))
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(parts) + "\n</quiz>\n"
    return Written("bank-moodle.xml", text.encode(), tuple(loss for item in listed for loss in _losses(item)))


def _losses(item: BankItem) -> list[Loss]:
    """What travels along for our own reading, but Moodle itself does not know."""
    if item.stimulus and item.stimulus.audio:
        message = N_(
            "Moodle does not count how often a recording is heard; the limit of %(plays)s is only written down."
        )
        return [Loss(item.id, "stimulus", message, {"plays": item.stimulus.plays})]
    return []


def _category(place: tuple[str, ...]) -> str:
    path = "/".join(["$course$", "top", *(name.replace("/", "//") for name in place)])
    return (
        f'<question type="category"><category><text>{_words(path)}</text></category>'
        '<info format="html"><text></text></info><idnumber></idnumber></question>'
    )


def _question(item: BankItem) -> str:
    def render(words: dict[str, str]) -> str:
        return _Question(item, words).text()

    wanted = carried.without_stimulus(carried.meant(item))
    words = carried.told(item)
    if item.stimulus:
        words[STIMULUS] = item.stimulus.id
    return carried.with_exact(words, wanted, render, lambda text: question_fields(parse(text.encode())))


def _stimulus_question(stimulus: Stimulus) -> str:
    def render(words: dict[str, str]) -> str:
        sound = f'<p><audio controls="controls" src="{escape(_source(stimulus.audio))}"></audio></p>'
        body = to_html(stimulus.text, _source) + (sound if stimulus.audio else "")
        files = _files(stimulus.media.values())
        return (
            f'<question type="description"><name><text>{_words(stimulus.title)}</text></name>'
            f'<questiontext format="html"><text>{_cdata(body)}</text>{files}</questiontext>'
            '<generalfeedback format="html"><text></text></generalfeedback><defaultgrade>0</defaultgrade>'
            f"<penalty>0</penalty><hidden>0</hidden><idnumber>{_words(stimulus.id)}</idnumber>{_tags(words)}</question>"
        )

    words = {STIMULUS: stimulus.id}
    wanted: dict[str, object] = {"id": stimulus.id, "title": stimulus.title}
    wanted |= {"text": stimulus.text} if stimulus.text else {}
    if stimulus.audio:
        words["plays"] = str(stimulus.plays)
        wanted |= {"audio": stimulus.audio, "plays": stimulus.plays}
    return carried.with_exact(words, wanted, render, lambda text: stimulus_fields(parse(text.encode())))


class _Question:
    def __init__(self, item: BankItem, words: Mapping[str, str]) -> None:
        self.item, self.words = item, words
        self.key = item.stored_key()

    def text(self) -> str:
        item = self.item
        body = self.cloze() if item.type == "fill" else to_html(item.stem, _source)
        files = _files(item.media.values())
        own = getattr(self, f"_{item.type}")()
        return (
            f'<question type="{_TYPES[item.type]}"><name><text>{_words(item.id)}</text></name>'
            f'<questiontext format="html"><text>{_cdata(body)}</text>{files}</questiontext>'
            f'<generalfeedback format="html"><text>{_cdata(_lines(item.rationale))}</text></generalfeedback>'
            f"<defaultgrade>1</defaultgrade><penalty>0</penalty><hidden>0</hidden>"
            f"<idnumber>{_words(item.id)}</idnumber>{own}{_tags(self.words)}</question>"
        )

    def cloze(self) -> str:
        """Braces of the text itself must not look like fields."""
        body = to_html(self.item.stem, _source, lambda number: f"\0{number}\0").replace("{", "&#123;")
        return _PLACE.sub(lambda match: self.gap(int(match[1])), body)

    def gap(self, number: int) -> str:
        return field([form.strip() for form in self.key[number - 1].split(BETWEEN_FORMS)])

    def _truefalse(self) -> str:
        return "".join(
            _answer(text, "100" if [mark] == self.key else "0", form="moodle_auto_format")
            for text, mark in (("true", "T"), ("false", "F"))
        )

    def _single(self) -> str:
        return _choice(single=True) + self.answers("100", "0")

    def _multiple(self) -> str:
        part = (Decimal(100) / len(self.key)).quantize(Decimal("0.00001"))
        return _choice(single=False) + self.answers(format(part.normalize(), "f"), "-100")

    def answers(self, right: str, wrong: str) -> str:
        return "".join(
            _answer(to_inline(text, _source), right if one in self.key else wrong, self.item.feedback.get(one, ""))
            for one, text in self.item.options.items()
        )

    def _fill(self) -> str:
        return ""

    def _ordering(self) -> str:
        head = (
            "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><selectcount>0</selectcount>"
            "<gradingtype>ABSOLUTE_POSITION</gradingtype><showgrading>SHOW</showgrading>"
        )
        listed = (
            _answer(to_inline(self.item.options[one], _source), f"{place}.0000000")
            for place, one in enumerate(self.key, 1)
        )
        return head + "".join(listed)

    def _matching(self) -> str:
        options, pairs = self.item.options, dict(split(pair) for pair in self.key)
        lines = [(options[one], options[pairs[one]]) for one in premises(tuple(options))]
        lines += [("", options[one]) for one in choices(tuple(options)) if one not in pairs.values()]
        return "<shuffleanswers>true</shuffleanswers>" + "".join(
            f'<subquestion format="html"><text>{_cdata(to_inline(one, _source))}</text>'
            f"<answer><text>{_cdata(other)}</text></answer></subquestion>"
            for one, other in lines
        )

    def _open(self) -> str:
        listed = "".join(
            f"<li>{escape(one.text, quote=False)}（{format(one.points, 'f')} 分）</li>" for one in self.item.criteria
        )
        return (
            "<responseformat>editor</responseformat><responserequired>1</responserequired>"
            "<responsefieldlines>10</responsefieldlines><attachments>0</attachments>"
            "<attachmentsrequired>0</attachmentsrequired>"
            f'<graderinfo format="html"><text>{_cdata(f"<ul>{listed}</ul>")}</text></graderinfo>'
            '<responsetemplate format="html"><text></text></responsetemplate>'
        )


def _choice(*, single: bool) -> str:
    return (
        f"<single>{'true' if single else 'false'}</single><shuffleanswers>true</shuffleanswers>"
        "<answernumbering>ABCD</answernumbering><showstandardinstruction>0</showstandardinstruction>"
    )


def _answer(text: str, fraction: str, feedback: str = "", form: str = "html") -> str:
    return (
        f'<answer fraction="{fraction}" format="{form}"><text>{_cdata(text)}</text>'
        f'<feedback format="html"><text>{_cdata(_lines(feedback))}</text></feedback></answer>'
    )


def _tags(words: Mapping[str, str]) -> str:
    listed = "".join(f"<tag><text>{_words(f'{name}:{value}')}</text></tag>" for name, value in words.items())
    return f"<tags>{listed}</tags>"


def _files(media: Iterable[Media]) -> str:
    return "".join(
        f'<file name="{escape(PurePosixPath(one.name).name)}" path="{escape(_folder(one.name))}" encoding="base64">'
        f"{base64.b64encode(one.content).decode('ascii')}</file>"
        for one in media
    )


def _folder(name: str) -> str:
    parent = PurePosixPath(name).parent.as_posix()
    return "/" if parent in (".", "/") else f"/{parent.strip('/')}/"


def _source(name: str) -> str:
    return f"@@PLUGINFILE@@/{quote(name)}"


def _lines(text: str) -> str:
    """Text without markup as HTML."""
    lines = text.split("\n")
    if len(lines) == 1:
        return escape(text, quote=False)
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)


def _cdata(text: str) -> str:
    return f"<![CDATA[{printable(text).replace(']]>', ']]]]><![CDATA[>')}]]>" if text else ""


def _words(text: str) -> str:
    return escape(printable(text), quote=False)
