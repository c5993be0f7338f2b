"""Items from Moodle XML, whatever tool wrote it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any
from urllib.parse import unquote

from app.core.errors import N_
from question_bank.formats import carried
from question_bank.formats.excel_cells import FALSE, TRUE
from question_bank.formats.html_reading import HtmlReader
from question_bank.formats.media_bag import MediaBag
from question_bank.formats.moodle_cloze import Gap, marked, read_field
from question_bank.formats.qti_reading import MOST_PREMISES, LeftOut, criteria_of
from question_bank.formats.values import Entries, Entry, Loss, Unreadable
from question_bank.formats.xml_reading import Element, child, children, local, parse, plain
from question_bank.item_types.fill import BETWEEN_FORMS
from question_bank.stimuli import Media

STIMULUS = "stimulus"
"""The tag that ties an item to the description standing before it."""
_FILES = re.compile(r"^@@PLUGINFILE@@/")
_TAGS = (*carried.FIELDS, carried.EXACT, STIMULUS, "plays")
_MARK = "\ue000{}\ue001"
_MARKS = re.compile("\ue000(\\d+)\ue001")
_TAG = re.compile(r"<[a-zA-Z/!]")
_GAP = "____"
_NAME = re.compile(r"[^()\s]+")
_UNUSED_FEEDBACK = ("hint", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
_STANDARD = re.compile(
    r"(?:Your answer is (?:partially )?(?:correct|incorrect)|(?:您的)?(?:回答|答案)(?:部分)?(?:正确|不正确|错误))[.。]?"
)
"""What the tool itself writes there when nobody wrote anything."""


def read_moodle(content: bytes, file: str) -> Entries:
    root = parse(content)
    if local(root) != "quiz":
        raise Unreadable(N_("This XML is neither Moodle's (quiz) nor QTI's (assessmentItem)."), root.sourceline or 1)
    found = Entries()
    stimuli: dict[str, tuple[dict[str, Any], Element]] = {}
    for question in children(root, "question"):
        kind, line = (question.get("type") or "").lower(), question.sourceline or 1
        if kind == "category":
            continue
        if kind == "description":
            told = stimulus_fields(question)
            if "id" in told:
                stimuli[told["id"]] = (told, question)
            else:
                message = N_("A description that belongs to no item of ours is left out: %(name)s.")
                found.leave_out(Loss("", "type", message, {"name": _name(question)[:60]}, file, line))
            continue
        entry = Entry(file, line, name=_name(question))
        try:
            _read(question, entry, stimuli)
        except LeftOut as left:
            name = {"name": _name(question)[:60]}
            found.leave_out(Loss("", "type", left.message, {**left.params, **name}, file, line))
        else:
            found.add(entry)
    return found


def _read(question: Element, entry: Entry, stimuli: Mapping[str, tuple[dict[str, Any], Element]]) -> None:
    reader = _Question(question, entry)
    reader.read()
    code = reader.tags.get(STIMULUS, "")
    if code in stimuli:
        told, element = stimuli[code]
        entry.given |= {f"stimulus_{name}": value for name, value in told.items()}
        reader.bag.kept |= _Question(element, Entry("", 1)).bag.kept
    elif code:
        entry.lose("stimulus", N_("The stimulus %(name)s is not in the file."), name=code)
    reader.bag.finish()


def question_fields(question: Element) -> dict[str, Any]:
    """The fields of one question on its own."""
    entry = Entry("", 1)
    _Question(question, entry).read()
    return entry.given


def stimulus_fields(question: Element) -> dict[str, Any]:
    """The fields of a description that is a stimulus of ours; nothing of any other."""
    reader = _Question(question, Entry("", 1))
    if STIMULUS not in reader.tags:
        return {}
    fields: dict[str, Any] = {"id": reader.tags[STIMULUS], "title": _name(question)}
    if text := reader.text(child(question, "questiontext")):
        fields["text"] = text
    if reader.audio:
        plays = reader.tags.get("plays", "")
        fields |= {"audio": reader.audio, "plays": int(plays) if plays.isdecimal() else 1}
    return carried.made_exact(fields, reader.tags.get(carried.EXACT, ""))


class _Question:
    def __init__(self, question: Element, entry: Entry) -> None:
        self.question, self.entry, self.given = question, entry, entry.given
        self.files = _files(question)
        self.bag = MediaBag(entry, self.files.get, whole_names=True)
        self.bag.kept = {name: Media(name, content) for name, content in self.files.items() if _NAME.fullmatch(name)}
        self.tags = self._tags()
        self.audio = ""

    def _tags(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in self.question.iter():
            if local(one) == "tag":
                name, between, value = plain(child(one, "text")).strip("\n\r").lstrip().partition(":")
                if between and name in _TAGS:
                    found[name] = value
                elif name.strip():
                    self.entry.lose("tags", N_("The tag “%(tag)s” is not kept."), tag=f"{name}{between}{value}"[:60])
        return found

    def read(self) -> None:
        kind = (self.question.get("type") or "").lower()
        read = _READERS.get(kind)
        if read is None:
            raise LeftOut(N_("There is no item type for %(kind)s; “%(name)s” is left out."), kind=kind)
        self.given["stem"] = self.text(child(self.question, "questiontext")) if kind != "cloze" else ""
        read(self)
        if told := self.text(child(self.question, "generalfeedback")):
            self.given["rationale"] = told
        for name in _UNUSED_FEEDBACK:
            for one in children(self.question, name):
                said = self.text(one)
                self.lost_feedback("" if _STANDARD.fullmatch(said) else said)
        code = plain(child(self.question, "idnumber")).strip()
        if code:
            self.entry.name = code
        if self.tags.keys() & set(carried.FIELDS) and code:
            self.given["id"] = code
        self.given |= carried.given(self.tags)
        self.entry.given = self.given = carried.made_exact(self.given, self.tags.get(carried.EXACT, ""))

    # Texts

    def text(self, element: Element | None) -> str:
        if element is None:
            return ""
        inner = child(element, "text")
        form = (element.get("format") or "html").lower()
        return self.words(plain(inner if inner is not None else element), form)

    def words(self, text: str, form: str = "html") -> str:
        reader = HtmlReader(self.picture, self.special)
        if form in ("plain_text", "markdown"):
            return reader.plain(text)
        if form != "html" or not _TAG.search(text):
            text = text.strip().replace("\n", "<br>")
        found = reader.fragment(text)
        for tag in sorted(reader.lost):
            self.entry.lose("stem", N_("The words of <%(tag)s> are kept, its meaning is not."), tag=tag)
        return found

    def picture(self, src: str, alt: str) -> str:
        return self.bag.picture(_FILES.sub("", src), alt)

    def special(self, element: Element) -> str | None:
        if local(element) not in ("audio", "video"):
            return None
        inner = child(element, "source")
        source = element.get("src") or (inner.get("src", "") if inner is not None else "")
        if local(element) == "video":
            self.entry.lose("media", N_("Films are not taken; the item is read without its film."))
        elif not self.audio:
            self.audio = self.bag.sound(_FILES.sub("", source))
        return ""

    # What each type gives

    def answers(self) -> list[tuple[str, float, str]]:
        """Text, fraction and feedback of each."""
        found = []
        for one in children(self.question, "answer"):
            form = {"format": one.get("format") or "html"}
            text = self.words(plain(child(one, "text")), form["format"])
            found.append((text, _figure(one.get("fraction")), self.text(child(one, "feedback"))))
        return found

    def truefalse(self) -> None:
        self.given["type"] = "truefalse"
        for text, marks, feedback in self.answers():
            if marks > 0:
                self.given["key"] = ["T" if text.strip().casefold() in TRUE else "F"]
            self.lost_feedback(feedback)

    def multichoice(self) -> None:
        answers = self.answers()
        texts = [text.strip().casefold() for text, _, _ in answers]
        if len(texts) == 2 and {texts[0] in TRUE, texts[1] in TRUE} == {True, False} == {
            texts[0] in FALSE,
            texts[1] in FALSE,
        }:
            return self.truefalse()
        single = plain(child(self.question, "single")).strip().lower() not in ("false", "0")
        best = max((marks for _, marks, _ in answers), default=0)
        right = [marks >= best if single else marks > 0 for _, marks, _ in answers]
        if single and any(0 < marks < best for _, marks, _ in answers):
            self.entry.lose("key", N_("Parts of the marks for single answers are not kept."))
        many = not single and sum(right) > 1
        self.given["type"] = "multiple" if many else "single"
        self.options([text for text, _, _ in answers])
        self.key([one for one, good in zip(self.given["options"], right, strict=True) if good and best > 0])
        for one, (_, _, feedback) in zip(self.given["options"], answers, strict=True):
            if feedback and one not in self.given.get("key", []):
                self.given.setdefault("feedback", {})[one] = feedback
            else:
                self.lost_feedback(feedback)
        return None

    def lost_feedback(self, feedback: str) -> None:
        if feedback:
            self.entry.lose("feedback", N_("Feedback “%(text)s” has no place here."), text=feedback[:40])

    def options(self, texts: list[str], ids: str = ascii_uppercase) -> None:
        if len(texts) > len(ids):
            raise LeftOut(N_("“%(name)s” has more than %(most)s options; it is left out."), most=len(ids))
        self.given.setdefault("options", {}).update(zip(ids, texts, strict=False))

    def key(self, entries: list[str]) -> None:
        if entries:
            self.given["key"] = entries

    def written(self) -> None:
        """Short answers and numbers: one gap, at the end unless the text has one."""
        numbers = (self.question.get("type") or "").lower() == "numerical"
        forms, partly = [], False
        for element, (text, marks, feedback) in zip(children(self.question, "answer"), self.answers(), strict=True):
            tolerance = plain(child(element, "tolerance")).strip()
            if numbers and tolerance not in ("", "0", "0.0") and _figure(tolerance):
                self.entry.lose("key", N_("The tolerance %(figure)s is not kept."), figure=tolerance[:20])
            if marks >= 100 and text.strip() != "*":
                forms.append(text)
            partly = partly or 0 < marks < 100
            self.lost_feedback(feedback)
        if partly:
            self.entry.lose("key", N_("Parts of the marks for single answers are not kept."))
        self.gaps([Gap(tuple(forms))])

    def gaps(self, gaps: list[Gap]) -> None:
        self.given["type"] = "fill"
        if gaps and _GAP not in self.given["stem"]:
            self.given["stem"] = f"{self.given['stem']} {_GAP}".strip()
        if all(one.forms for one in gaps):
            self.key([f" {BETWEEN_FORMS} ".join(one.forms) for one in gaps])
        if any(BETWEEN_FORMS in form for one in gaps for form in one.forms):
            self.entry.lose("key", N_("A “|” inside an accepted form sets two forms apart here."))

    def cloze(self) -> None:
        gaps: list[Gap] = []

        def mark(match: re.Match[str]) -> str:
            gaps.append(read_field(match))
            return _MARK.format(len(gaps))

        body = child(self.question, "questiontext")
        text = marked(plain(child(body, "text")) if body is not None else "", mark)
        if not gaps:
            raise LeftOut(N_("“%(name)s” has no gap; it is left out."))
        if any(one.several for one in gaps):
            raise LeftOut(N_("“%(name)s” asks for several entries of a list in the midst of a text; it is left out."))
        form = ((body.get("format") if body is not None else None) or "html").lower()
        self.given["stem"] = _MARKS.sub(_GAP, self.words(text, form))
        if any(one.chosen for one in gaps):
            message = N_("A list to choose from becomes a gap to write in; the wrong entries of the list are not kept.")
            self.entry.lose("key", message)
        if any(one.tolerance for one in gaps):
            self.entry.lose("key", N_("The tolerance of numbers is not kept."))
        if any(one.partly for one in gaps):
            self.entry.lose("key", N_("Parts of the marks for single answers are not kept."))
        self.gaps(gaps)

    def ordering(self) -> None:
        self.given["type"] = "ordering"
        ordered = sorted(self.answers(), key=lambda one: one[1])
        self.options([text for text, _, _ in ordered])
        self.key(list(self.given["options"]))

    def matching(self) -> None:
        self.given["type"] = "matching"
        left, right, pairs = [], list[str](), []
        for one in children(self.question, "subquestion"):
            premise = self.text(one)
            answer = self.words(plain(child(child(one, "answer"), "text")) if child(one, "answer") is not None else "")
            if answer and answer not in right:
                right.append(answer)
            if premise and answer:
                left.append(premise)
                pairs.append((len(left), right.index(answer)))
        self.options(left, "123456789"[:MOST_PREMISES])
        self.options(right)
        self.key([f"{one}-{ascii_uppercase[other]}" for one, other in pairs])

    def essay(self) -> None:
        self.given["type"] = "open"
        told = self.text(child(self.question, "graderinfo"))
        lines = [line.removeprefix("• ") for line in told.split("\n") if line]
        found = criteria_of(lines)
        if told and not found:
            self.entry.lose("criteria", N_("The notes for markers have no points and are not kept as criteria."))
        self.given |= found


_READERS = {
    "truefalse": _Question.truefalse,
    "multichoice": _Question.multichoice,
    "multichoiceset": _Question.multichoice,
    "shortanswer": _Question.written,
    "numerical": _Question.written,
    "cloze": _Question.cloze,
    "multianswer": _Question.cloze,
    "ordering": _Question.ordering,
    "order": _Question.ordering,
    "matching": _Question.matching,
    "match": _Question.matching,
    "essay": _Question.essay,
}


def _name(question: Element) -> str:
    return " ".join(plain(child(question, "name")).split())


def _files(question: Element) -> dict[str, bytes]:
    found = {}
    for one in question.iter():
        if local(one) == "file" and one.get("name"):
            path = unquote((one.get("path") or "/").strip("/"))
            try:
                content = base64.b64decode("".join(plain(one).split()), validate=True)
            except (binascii.Error, ValueError):
                continue
            found[f"{path}/{one.get('name')}" if path else one.get("name")] = content
    return found


def _figure(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
