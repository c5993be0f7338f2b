"""An assessmentItem of any version as an entry: its one interaction, the text around it, what it tells afterwards."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from app.core.errors import N_
from question_bank.formats import carried
from question_bank.formats.excel_cells import FALSE, TRUE
from question_bank.formats.html_reading import HtmlReader
from question_bank.formats.media_bag import MediaBag
from question_bank.formats.qti_responses import Response, responses
from question_bank.formats.qti_writing import RATIONALE, STIMULUS_CLASS
from question_bank.formats.values import Entry, Unreadable
from question_bank.formats.xml_reading import Element, child, children, local, plain
from question_bank.item_types.fill import BETWEEN_FORMS

ReadStimulus = Callable[[str], Element | None]
"""The root of a stimulus file by its address, normalised."""
CRITERION = re.compile(
    r"(?P<text>.*?)\s*[（(\[]\s*(?P<points>\d+(?:\.\d+)?)\s*(?:分|points?|pts?)?\s*[)）\]]", re.DOTALL
)
_KINDS = {
    "choiceInteraction": "single", "orderInteraction": "ordering", "matchInteraction": "matching",
    "textEntryInteraction": "fill", "inlineChoiceInteraction": "fill", "extendedTextInteraction": "open",
}  # fmt: skip
_PARTS = frozenset({"simpleChoice", "simpleMatchSet", "simpleAssociableChoice", "inlineChoice", "feedbackInline"})
_ASIDE = frozenset({"rubricBlock", "feedbackBlock", "feedbackInline", "templateBlock", "templateInline"})
MOST_PREMISES = 9
MOST_LINE = 2000


QTI_1 = N_(
    "This is QTI 1, as older course systems write it. Export it again as QTI 2.1 or later, or as Moodle XML or GIFT."
)


class LeftOut(Exception):
    """An item we have no type for; `message` is a msgid."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message, self.params = message, params


def read_item(root: Element, entry: Entry, bag: MediaBag, told: Mapping[str, str], stimulus: ReadStimulus) -> None:
    """Fills the entry; `root` is normalised. Refuses what is no item of ours."""
    if local(root) == "questestinterop":
        raise Unreadable(QTI_1)
    if local(root) != "assessmentItem":
        raise Unreadable(N_("This file holds no assessmentItem of QTI 2 or 3."), root.sourceline or 1)
    body = child(root, "itemBody")
    if body is None:
        raise LeftOut(N_("The item has no body; it is left out."))
    reader = _Item(root, body, entry, bag, stimulus)
    reader.read()
    entry.name = root.get("identifier", "")
    entry.given |= {key: value for key, value in told.items() if key in ("stimulus_id", "stimulus_title") and value}
    if told.get("stimulus_plays", "").isdecimal():
        entry.given["stimulus_plays"] = int(told["stimulus_plays"])
    entry.given |= carried.given(told)
    if told.get(carried.EXACT):
        entry.given = carried.made_exact(entry.given, told[carried.EXACT])


class _Item:
    def __init__(self, root: Element, body: Element, entry: Entry, bag: MediaBag, stimulus: ReadStimulus) -> None:
        self.root, self.body, self.entry, self.bag, self.stimulus = root, body, entry, bag, stimulus
        self.responses = responses(root)
        self.gaps: list[Response] = []
        self.given = entry.given

    def read(self) -> None:
        interaction = self.the_interaction()
        kind = _KINDS[local(interaction)]
        self.given["stem"] = self.text(self.body)
        response = self.responses.get(interaction.get("responseIdentifier", ""), Response())
        getattr(self, f"_{kind}")(interaction, response)
        self.given.setdefault("type", kind)
        if response.partly and kind in ("single", "ordering", "matching"):
            self.entry.lose("key", N_("Parts of the marks for single answers are not kept."))
        self.shared()
        self.afterwards()

    def the_interaction(self) -> Element:
        found = [one for one in self.body.iter() if local(one).endswith("Interaction")]
        asking = [one for one in found if local(one) != "mediaInteraction" and local(one) != "endAttemptInteraction"]
        unknown = sorted({local(one) for one in asking if local(one) not in _KINDS})
        if unknown:
            raise LeftOut(N_("There is no item type for %(kind)s; the item is left out."), kind=", ".join(unknown))
        if not asking:
            raise LeftOut(N_("The item asks nothing; it is left out."))
        kinds = {_KINDS[local(one)] for one in asking}
        if len(kinds) > 1 or (len(asking) > 1 and kinds != {"fill"}):
            raise LeftOut(N_("The item asks several things at once; it is left out."))
        return asking[0]

    # Texts

    def text(self, element: Element) -> str:
        reader = HtmlReader(self.bag.picture, self.special)
        found = reader.element(element)
        for tag in sorted(reader.lost):
            self.entry.lose("stem", N_("The words of <%(tag)s> are kept, its meaning is not."), tag=tag)
        return found

    def special(self, element: Element) -> str | None:
        name = local(element)
        if name in ("textEntryInteraction", "inlineChoiceInteraction"):
            return self.gap(element)
        if name in ("choiceInteraction", "orderInteraction", "matchInteraction", "extendedTextInteraction"):
            prompt = child(element, "prompt")
            return f"\n{self.text(prompt)}\n" if prompt is not None else "\n"
        if name in _PARTS or name in _ASIDE or name in ("mediaInteraction", "audio", "endAttemptInteraction", "video"):
            return ""
        if name == "object":
            return self.object(element)
        return None

    def object(self, element: Element) -> str:
        if (element.get("type") or "").startswith("audio/"):
            return ""
        return self.bag.picture(element.get("data", ""), plain(element).strip())

    def gap(self, element: Element) -> str:
        response = self.responses.get(element.get("responseIdentifier", ""), Response())
        if local(element) == "inlineChoiceInteraction":
            listed = {one.get("identifier", ""): self.text(one) for one in children(element, "inlineChoice")}
            right = tuple(listed[value] for value in response.right() if value in listed)
            response = Response("single", "string", right)
            message = N_("A list to choose from becomes a gap to write in; the wrong entries of the list are not kept.")
            self.entry.lose("key", message)
        self.gaps.append(response)
        return "____"

    # What each interaction gives

    def options(self, parts: list[Element], ids: str) -> dict[str, str]:
        """Their identifiers → ours, in the order they stand; texts and feedback go to the entry."""
        if len(parts) > len(ids):
            raise LeftOut(N_("The item has more than %(most)s options; it is left out."), most=len(ids))
        ours = {part.get("identifier", ""): ids[place] for place, part in enumerate(parts)}
        for place, part in enumerate(parts):
            self.given.setdefault("options", {})[ids[place]] = self.text(part)
            for one in children(part, "feedbackInline"):
                self.feedback(ids[place], one)
        return ours

    def feedback(self, option: str, element: Element) -> None:
        if text := self.text(element):
            self.given.setdefault("feedback", {})[option] = text

    def _single(self, interaction: Element, response: Response) -> None:
        parts = children(interaction, "simpleChoice")
        if self.is_true_false(parts):
            ours = self.options(parts, "TF" if _says(self.text(parts[0]), TRUE) else "FT")
            self.given.pop("options")
            self.given["type"] = "truefalse"
        else:
            ours = self.options(parts, ascii_uppercase)
            many = response.cardinality == "multiple" and (interaction.get("maxChoices") or "0") != "1"
            self.given["type"] = "multiple" if many and len(response.right()) != 1 else "single"
        self.key([ours[one] for one in response.right() if one in ours])
        self.modal(ours)

    def is_true_false(self, parts: list[Element]) -> bool:
        if len(parts) != 2:
            return False
        one, other = (self.text(part) for part in parts)
        return (_says(one, TRUE) and _says(other, FALSE)) or (_says(one, FALSE) and _says(other, TRUE))

    def _ordering(self, interaction: Element, response: Response) -> None:
        ours = self.options(children(interaction, "simpleChoice"), ascii_uppercase)
        self.key([ours[one] for one in response.right() if one in ours])

    def _matching(self, interaction: Element, response: Response) -> None:
        sides = [children(one, "simpleAssociableChoice") for one in children(interaction, "simpleMatchSet")]
        if len(sides) != 2:
            raise LeftOut(N_("The item has not two columns to match; it is left out."))
        left = self.options(sides[0], "123456789")
        right = self.options(sides[1], ascii_uppercase)
        pairs = [value.split() for value in response.right()]
        pairs = [pair if pair[0] in left else pair[::-1] for pair in pairs if len(pair) == 2]
        self.key([f"{left[one]}-{right[other]}" for one, other in pairs if one in left and other in right])

    def _fill(self, interaction: Element, response: Response) -> None:
        entries = [f" {BETWEEN_FORMS} ".join(one.accepted()) for one in self.gaps]
        if all(entries):
            self.key(entries)
        if any(BETWEEN_FORMS in form for one in self.gaps for form in one.accepted()):
            self.entry.lose("key", N_("A “|” inside an accepted form sets two forms apart here."))

    def _open(self, interaction: Element, response: Response) -> None:
        sheets = [one for one in self.root.iter() if local(one) == "rubricBlock" and "scorer" in _views(one)]
        lines = [self.text(line) for sheet in sheets for line in sheet.iter() if local(line) == "li"]
        self.given |= criteria_of(lines or [self.text(one) for one in sheets])

    def key(self, entries: list[str]) -> None:
        if entries:
            self.given["key"] = entries

    # What stands around it

    def shared(self) -> None:
        texts = [self.text(one) for one in self.body.iter() if self.is_stimulus(one)]
        ref = child(self.root, "assessmentStimulusRef")
        if ref is not None:
            texts.append(self.from_file(ref))
        sound = self.sound()
        if any(texts):
            self.given["stimulus_text"] = "\n".join(text for text in texts if text)
        if sound:
            self.given |= sound
        if any(texts) or sound:
            name = ref.get("identifier") if ref is not None else None
            self.given.setdefault("stimulus_id", name or f"M-{self.root.get('identifier', '')}"[:60])
            self.given.setdefault(
                "stimulus_title", (ref.get("title") if ref is not None else None) or _title(self.root)
            )
        asides = [one for one in self.body.iter() if local(one) == "rubricBlock" and not self.is_stimulus(one)]
        told = [self.text(one) for one in asides if "candidate" in _views(one)]
        self.given["stem"] = "\n".join(text for text in (*told, self.given["stem"]) if text)

    def is_stimulus(self, element: Element) -> bool:
        return local(element) == "rubricBlock" and STIMULUS_CLASS in (element.get("class") or "").split()

    def from_file(self, ref: Element) -> str:
        root = self.stimulus(ref.get("href", ""))
        body = next((one for one in root.iter() if local(one) == "stimulusBody"), None) if root is not None else None
        if body is None:
            message = N_("The stimulus %(name)s is not in the package.")
            self.entry.lose("stimulus", message, name=ref.get("href", "")[:200])
            return ""
        return self.text(body)

    def sound(self) -> dict[str, Any]:
        """The first recording, with the number of times it may be heard."""
        for one in self.body.iter():
            if local(one) == "video" or (one.get("type") or "").startswith("video/"):
                self.entry.lose("media", N_("Films are not taken; the item is read without its film."))
            source = self.sound_source(one)
            if source and (name := self.bag.sound(source)):
                around = next((up for up in one.iterancestors() if local(up) == "mediaInteraction"), None)
                plays = (around.get("maxPlays") or "") if around is not None else ""
                return {
                    "stimulus_audio": name,
                    "stimulus_plays": int(plays) if plays.isdecimal() and plays != "0" else 1,
                }
        return {}

    def sound_source(self, element: Element) -> str:
        if local(element) == "audio":
            inner = child(element, "source")
            return element.get("src") or (inner.get("src", "") if inner is not None else "")
        audio = local(element) == "object" and (element.get("type") or "").startswith("audio/")
        return element.get("data", "") if audio else ""

    def modal(self, ours: Mapping[str, str]) -> None:
        """Feedback shown for one choice, where it does not stand with the choice itself."""
        right = self.given.get("key", [])
        for one in children(self.root, "modalFeedback"):
            option = ours.get(one.get("identifier", ""))
            if option and option not in right and option not in self.given.get("feedback", {}):
                self.feedback(option, one)

    def afterwards(self) -> None:
        """What is said to everyone at the end is the rationale."""
        options = {one.get("identifier") for one in self.body.iter() if local(one) == "simpleChoice"}
        modal = [one for one in children(self.root, "modalFeedback") if one.get("identifier") not in options]
        ours = [one for one in modal if one.get("identifier") == RATIONALE]
        told = [self.text(one) for one in ours or modal]
        if any(told):
            self.given["rationale"] = "\n".join(dict.fromkeys(text for text in told if text))
        if self.given.get("type") == "truefalse" and self.given.pop("feedback", None):
            self.entry.lose("feedback", N_("What is said of each answer to true or false is not kept."))
        right = self.given.get("key", [])
        for option in [one for one in self.given.get("feedback", {}) if one in right]:
            self.entry.lose("feedback", N_("What is said of right option %(option)s is not kept."), option=option)
            del self.given["feedback"][option]
        if not self.given.get("feedback", True):
            del self.given["feedback"]


def criteria_of(lines: list[str]) -> dict[str, Any]:
    """Criteria from lines such as “names the reason (2)”; without points they are not ours to make up."""
    found = []
    if any(len(line) > MOST_LINE for line in lines):
        return {}
    for line in lines:
        match = CRITERION.fullmatch(line.strip())
        if match is None:
            return {}
        found.append({"text": match["text"], "points": Decimal(match["points"])})
    return {"criteria": found} if found else {}


def _views(element: Element) -> list[str]:
    return (element.get("view") or "candidate").replace(",", " ").split()


def _says(text: str, known: frozenset[str]) -> bool:
    return text.strip().strip("。.").casefold() in known


def _title(root: Element) -> str:
    return (root.get("title") or root.get("identifier") or "")[:80]


def resolved(base: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), href))
