"""Items from GIFT, as Moodle and many others write it."""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import Any

from app.core.errors import N_
from question_bank.formats import carried
from question_bank.formats.excel_cells import FALSE, TRUE
from question_bank.formats.gift_text import Block, blocks, find, split, tag_value, unescaped
from question_bank.formats.html_reading import HtmlReader
from question_bank.formats.media_bag import MediaBag
from question_bank.formats.qti_reading import LeftOut, criteria_of
from question_bank.formats.texts import decoded
from question_bank.formats.values import Entries, Entry, Loss
from question_bank.item_types.fill import BETWEEN_FORMS
from question_bank.media_files import nothing

STIMULUS, CRITERIA = "stimulus", "criteria"
_TAGS = (*carried.FIELDS, carried.EXACT, STIMULUS, CRITERIA, "plays")
_NAME = re.compile(r"\s*::((?:\\.|[^\\]){0,2000}?)::", re.DOTALL)
_FORM = re.compile(r"\s*\[(html|plain|markdown|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"%(-?\d+(?:\.\d+)?)%")
_TRUTH = re.compile(r"\s*(TRUE|FALSE|T|F)\s*(#.*)?", re.IGNORECASE | re.DOTALL)
_ORDER = re.compile(r">\s*\d*((?:[ \t]*[A-Z_]{2,30}|[ \t]+[A-Za-z0-9]{1,6})*+)[ \t]*\n", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z/!]")
_GAP = "____"


def read_gift(content: bytes, file: str) -> Entries:
    found = Entries()
    stimuli: dict[str, tuple[dict[str, Any], MediaBag]] = {}
    for block in blocks(decoded(content)):
        entry = Entry(file, block.line)
        if block.text.lstrip().startswith("$CATEGORY:"):
            _, _, rest = block.text.partition("\n")
            if not rest.strip():
                continue
            block.text = rest
        question = _Question(block, entry)
        if STIMULUS in question.tags and not question.asks:
            told = question.as_stimulus()
            stimuli[told["id"]] = (told, question.bag)
            continue
        try:
            question.read()
        except LeftOut as left:
            params = {**left.params, "name": (question.name or block.text.strip())[:60]}
            found.leave_out(Loss("", "type", left.message, params, file, block.line))
            continue
        code = question.tags.get(STIMULUS, "")
        if code in stimuli:
            told, bag = stimuli[code]
            entry.given |= {f"stimulus_{name}": value for name, value in told.items()}
            question.bag.kept |= bag.kept
        elif code:
            entry.lose("stimulus", N_("The stimulus %(name)s is not in the file."), name=code)
        question.bag.finish()
        found.add(entry)
    return found


def block_fields(block: Block) -> dict[str, Any]:
    entry = Entry("", 1)
    _Question(block, entry).read()
    return entry.given


def stimulus_fields(block: Block) -> dict[str, Any]:
    return _Question(block, Entry("", 1)).as_stimulus()


class _Question:
    def __init__(self, block: Block, entry: Entry) -> None:
        self.block, self.entry, self.given = block, entry, entry.given
        self.bag = MediaBag(entry, nothing)
        self.audio, self.name = "", ""
        self.tags = self._tags()
        text = block.text
        if named := _NAME.match(text):
            self.name, text = " ".join(unescaped(named[1]).split()), text[named.end() :]
        self.form, text = _form(text, "moodle")
        opened = find(text, "{")
        closed = find(text, "}", opened) if opened >= 0 else -1
        self.asks = opened >= 0
        self.open_brace = opened >= 0 > closed
        self.before, self.body, self.after = (
            (text[:opened], text[opened + 1 : closed], text[closed + 1 :]) if closed >= 0 else (text, "", "")
        )

    def _tags(self) -> dict[str, str]:
        found = {}
        for tag in self.block.tags:
            name, between, value = tag.partition(":")
            if between and name in _TAGS:
                found[name] = tag_value(value)
            else:
                self.entry.lose("tags", N_("The tag “%(tag)s” is not kept."), tag=tag[:60])
        return found

    def as_stimulus(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"id": self.tags.get(STIMULUS, ""), "title": self.name}
        if text := self.text(self.before):
            fields["text"] = text
        if self.audio:
            plays = self.tags.get("plays", "")
            fields |= {"audio": self.audio, "plays": int(plays) if plays.isdecimal() else 1}
        return carried.made_exact(fields, self.tags.get(carried.EXACT, ""))

    def read(self) -> None:
        if self.open_brace:
            raise LeftOut(N_("“%(name)s” has no closing brace; it is left out."))
        if not self.asks and "｛" in self.block.text:
            raise LeftOut(N_("The braces of “%(name)s” are full-width; write { and } instead. It is left out."))
        if not self.asks:
            raise LeftOut(N_("A description that belongs to no item of ours is left out: %(name)s."))
        self.entry.name = self.block.code or self.name
        body, reason = self._reason()
        gap = _GAP if self.after.strip() else ""
        self.given["stem"] = self.text(f"{self.before}{gap}{self.after}")
        self._answers(body)
        if reason:
            self.given["rationale"] = reason
        if self.block.code and self.tags.keys() & set(carried.FIELDS):
            self.given["id"] = self.block.code
        if CRITERIA in self.tags:
            self.given |= criteria_of(self.tags[CRITERIA].split("\n"))
        self.given |= carried.given(self.tags)
        self.entry.given = self.given = carried.made_exact(self.given, self.tags.get(carried.EXACT, ""))

    # Texts

    def text(self, text: str, form: str | None = None) -> str:
        form, text = _form(text, form or self.form)
        plain = unescaped(text.strip())
        reader = HtmlReader(self.bag.picture, self.special)
        if form in ("plain", "markdown"):
            return reader.plain(plain)
        if form == "moodle" or not _TAG.search(plain):
            plain = plain.replace("\n", "<br>")
        found = reader.fragment(plain)
        for tag in sorted(reader.lost):
            self.entry.lose("stem", N_("The words of <%(tag)s> are kept, its meaning is not."), tag=tag)
        return found

    def special(self, element: Any) -> str | None:
        if element.tag != "audio":
            return None
        self.audio = self.bag.sound(element.get("src", ""))
        return ""

    def _reason(self) -> tuple[str, str]:
        place = self.body.find("####")
        while place > 0 and self.body[place - 1] == "\\":
            place = self.body.find("####", place + 1)
        if place < 0:
            return self.body.strip(), ""
        return self.body[:place].strip(), self.text(self.body[place + 4 :])

    # What each type gives

    def _answers(self, body: str) -> None:
        if not body:
            self.given["type"] = "open"
        elif truth := _TRUTH.fullmatch(body):
            self.given |= {"type": "truefalse", "key": ["T" if truth[1].upper().startswith("T") else "F"]}
            if truth[2]:
                self.entry.lose("feedback", N_("Feedback “%(text)s” has no place here."), text=truth[2][1:41])
        elif body.startswith("#"):
            self._number(body[1:])
        elif body.startswith(">"):
            self._ordering(body)
        elif find(body, "~") >= 0:
            self._choice(body)
        elif "->" in body:
            self._matching(body)
        else:
            self._forms(split(body, "=")[1:] or [body])

    def _parts(self, body: str) -> list[tuple[bool, float | None, str, str]]:
        """Whether it opens with =, its share of marks, its text, its feedback."""
        found, start = [], find(body, "=~")
        while start >= 0:
            end = find(body, "=~", start + 1)
            part = body[start + 1 : end if end >= 0 else len(body)]
            found.append((body[start] == "=", *_weighed(part)))
            start = end
        return found

    def _choice(self, body: str) -> None:
        parts = self._parts(body)
        if len(parts) > len(ascii_uppercase):
            raise LeftOut(N_("“%(name)s” has more than %(most)s options; it is left out."), most=26)
        texts = [self.text(text) for _, _, text, _ in parts]
        marks = [100.0 if equal and weight is None else weight or 0.0 for equal, weight, _, _ in parts]
        single = any(equal for equal, *_ in parts)
        right = [figure >= 100 if single else figure > 0 for figure in marks]
        plain = [text.casefold() for text in texts]
        if len(plain) == 2 and plain[0] in TRUE | FALSE and plain[1] in TRUE | FALSE and sum(right) == 1:
            self.given |= {"type": "truefalse", "key": ["T" if plain[right.index(True)] in TRUE else "F"]}
            return
        if single and any(0 < figure < 100 for figure in marks):
            self.entry.lose("key", N_("Parts of the marks for single answers are not kept."))
        self.given["type"] = "multiple" if sum(right) > 1 else "single"
        self.given["options"] = dict(zip(ascii_uppercase, texts, strict=False))
        self._key([one for one, good in zip(ascii_uppercase, right, strict=False) if good])
        for one, good, (_, _, _, feedback) in zip(ascii_uppercase, right, parts, strict=False):
            if feedback.strip() and not good:
                self.given.setdefault("feedback", {})[one] = self.text(feedback)
            elif feedback.strip():
                self.entry.lose("feedback", N_("Feedback “%(text)s” has no place here."), text=feedback.strip()[:40])

    def _key(self, entries: list[str]) -> None:
        if entries:
            self.given["key"] = entries

    def _forms(self, parts: list[str]) -> None:
        """Short answers: one gap, at the end unless the text has one."""
        forms = []
        for part in parts:
            weight, text, feedback = _weighed(part)
            if weight is not None and weight < 100:
                self.entry.lose("key", N_("Parts of the marks for single answers are not kept."))
            else:
                forms.append(unescaped(text.strip()))
            if feedback.strip():
                self.entry.lose("feedback", N_("Feedback “%(text)s” has no place here."), text=feedback.strip()[:40])
        self._gap([form for form in forms if form])

    def _gap(self, forms: list[str]) -> None:
        self.given["type"] = "fill"
        if _GAP not in self.given["stem"]:
            self.given["stem"] = f"{self.given['stem']} {_GAP}".strip()
        if forms:
            self.given["key"] = [f" {BETWEEN_FORMS} ".join(forms)]

    def _number(self, body: str) -> None:
        listed = split(body, "=")[1:] if find(body, "=") >= 0 else split(body, "~")[:1]
        forms = []
        for part in listed:
            weight, text, _ = _weighed(part)
            figure, _, about = unescaped(text.strip()).partition(":")
            if about.strip() not in ("", "0"):
                self.entry.lose("key", N_("The tolerance %(figure)s is not kept."), figure=about.strip()[:20])
            if ".." in figure:
                self.entry.lose("key", N_("The range %(figure)s is not kept; write a number."), figure=figure[:40])
            elif weight is None or weight >= 100:
                forms.append(figure.strip())
        self._gap([form for form in forms if form])

    def _ordering(self, body: str) -> None:
        head = _ORDER.match(body + "\n")
        lines = (body[head.end() :] if head else body[1:]).split("\n")
        if "=" in lines[0]:
            lines = split("\n".join(lines), "=")
        texts = [self.text(line) for line in lines if line.strip()]
        if len(texts) > len(ascii_uppercase):
            raise LeftOut(N_("“%(name)s” has more than %(most)s options; it is left out."), most=26)
        self.given |= {"type": "ordering", "options": dict(zip(ascii_uppercase, texts, strict=False))}
        self._key(list(self.given["options"]))

    def _matching(self, body: str) -> None:
        left, right, pairs = [], list[str](), []
        for part in split(body, "=")[1:]:
            one, _, other = part.partition("->")
            _, one, _ = _weighed(one)
            premise, choice = self.text(one), unescaped(other.strip())
            if choice and choice not in right:
                right.append(choice)
            if premise and choice:
                left.append(premise)
                pairs.append((len(left), right.index(choice)))
        if len(left) > 9 or len(right) > len(ascii_uppercase):
            raise LeftOut(N_("“%(name)s” has more than %(most)s options; it is left out."), most=9)
        options = {str(number): text for number, text in enumerate(left, 1)}
        self.given["options"] = options | dict(zip(ascii_uppercase, right, strict=False))
        self.given["type"] = "matching"
        self._key([f"{one}-{ascii_uppercase[other]}" for one, other in pairs])


def _form(text: str, default: str) -> tuple[str, str]:
    match = _FORM.match(text)
    return (match[1].lower(), text[match.end() :]) if match else (default, text)


def _weighed(part: str) -> tuple[float | None, str, str]:
    """Its share of marks, its text, its feedback."""
    weight = _WEIGHT.match(part)
    text = part[weight.end() :] if weight else part
    place = find(text, "#")
    feedback = text[place + 1 :] if place >= 0 else ""
    return float(weight[1]) if weight else None, text[:place] if place >= 0 else text, feedback
