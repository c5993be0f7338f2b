"""One item as an assessmentItem of QTI."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from question_bank.bank_item import BankItem
from question_bank.formats.html_writing import to_html, to_inline
from question_bank.formats.qti_names import XSI, Maker, Version, ncname, words
from question_bank.item_types.fill import BETWEEN_FORMS
from question_bank.item_types.matching import choices, premises, split
from question_bank.stimuli import Media, Stimulus

TRUE_FALSE = {"T": "正确", "F": "错误"}
RATIONALE = "RATIONALE"
STIMULUS_CLASS = "stimulus"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def media_path(media: Media) -> str:
    """Where a picture or a sound lies in the package: the same content once, under its own name."""
    return f"media/{media.sha256[:16]}/{media.name}"


def write_item(item: BankItem, version: Version) -> str:
    """The whole file, which stands one folder below the package's root."""
    return _Item(item, version).file()


def write_stimulus(stimulus: Stimulus, version: Version) -> str:
    make = Maker(version)
    body = make.tag("stimulusBody", f"<div>{to_html(stimulus.text, _source(stimulus.media))}</div>")
    return _HEAD + make.tag(
        "assessmentStimulus", body, identifier=ncname(stimulus.id), title=stimulus.title, **_spaces(version)
    )


def _spaces(version: Version) -> dict[str, str]:
    return {
        "xmlns": version.namespace, "xmlns:xsi": XSI, "xsi:schemaLocation": f"{version.namespace} {version.schema}",
        "xml:lang": "zh-CN",
    }  # fmt: skip


def _source(media: object) -> Callable[[str], str]:
    known: dict[str, Media] = dict(media)  # type: ignore[call-overload]

    def source(name: str) -> str:
        return "../" + quote(media_path(known[name])) if name in known else quote(name)

    return source


class _Item:
    def __init__(self, item: BankItem, version: Version) -> None:
        self.item, self.version, self.make = item, version, Maker(version)
        self.source = _source(item.media)
        self.key = item.stored_key()

    def file(self) -> str:
        interaction, responses = getattr(self, f"_{self.item.type}")()
        parts = [*responses, *self.outcomes(), *self.shared_file(), self.body(interaction), self.processing()]
        return _HEAD + self.make.tag(
            "assessmentItem", "\n".join([*parts, *self.modal()]), identifier=ncname(self.item.id),
            title=self.item.point or self.item.id, adaptive=False, timeDependent=False, **_spaces(self.version),
        )  # fmt: skip

    def body(self, interaction: str) -> str:
        gap = self.gap if self.item.type == "fill" else lambda _: "____"
        stem = f"<div>{to_html(self.item.stem, self.source, gap)}</div>"
        return self.make.tag("itemBody", "\n".join([*self.shared_body(), stem, interaction]).rstrip())

    # What each type is

    def _truefalse(self) -> tuple[str, list[str]]:
        return self.choice({one: words(text) for one, text in TRUE_FALSE.items()}, 1, shuffle=False)

    def _single(self) -> tuple[str, list[str]]:
        return self.choice(self.options(), 1)

    def _multiple(self) -> tuple[str, list[str]]:
        return self.choice(self.options(), 0)

    def choice(self, options: dict[str, str], most: int, *, shuffle: bool = True) -> tuple[str, list[str]]:
        listed = "".join(
            self.make.tag("simpleChoice", text + self.reason(one), identifier=one) for one, text in options.items()
        )
        interaction = self.make.tag(
            "choiceInteraction", listed, responseIdentifier="RESPONSE", shuffle=shuffle, maxChoices=most
        )
        return interaction, [self.response("single" if most == 1 else "multiple", "identifier", self.key)]

    def _ordering(self) -> tuple[str, list[str]]:
        listed = "".join(
            self.make.tag("simpleChoice", text + self.reason(one), identifier=one)
            for one, text in self.options().items()
        )
        interaction = self.make.tag("orderInteraction", listed, responseIdentifier="RESPONSE", shuffle=True)
        return interaction, [self.response("ordered", "identifier", self.key)]

    def _matching(self) -> tuple[str, list[str]]:
        options, known = self.options(), tuple(self.item.options)
        pairs = [split(pair) for pair in self.key]
        left = [
            self.make.tag("simpleAssociableChoice", options[one] + self.reason(one), identifier=f"P{one}", matchMax=1)
            for one in premises(known)
        ]
        right = [
            self.make.tag("simpleAssociableChoice", options[one] + self.reason(one), identifier=one, matchMax=len(left))
            for one in choices(known)
        ]
        sets = "".join(self.make.tag("simpleMatchSet", "".join(side)) for side in (left, right))
        interaction = self.make.tag(
            "matchInteraction", sets, responseIdentifier="RESPONSE", shuffle=False, maxAssociations=len(left)
        )
        return interaction, [self.response("multiple", "directedPair", [f"P{one} {other}" for one, other in pairs])]

    def _open(self) -> tuple[str, list[str]]:
        lines = "".join(
            f"<li>{words(one.text)}（{words(format(one.points, 'f'))} 分）</li>" for one in self.item.criteria
        )
        told = f"<ul>{lines}</ul>"
        inner = self.make.tag("contentBody", told) if self.version.kebab else told
        sheet = self.make.tag("rubricBlock", inner, view="scorer", **({"use": "scoring"} if self.version.kebab else {}))
        interaction = self.make.tag("extendedTextInteraction", responseIdentifier="RESPONSE", expectedLines=8)
        return f"{interaction}\n{sheet}", [self.response("single", "string", [])]

    def _fill(self) -> tuple[str, list[str]]:
        declared = []
        for number, entry in enumerate(self.key, 1):
            forms = list(dict.fromkeys(form.strip() for form in entry.split(BETWEEN_FORMS)))
            entries = "".join(
                self.make.tag("mapEntry", mapKey=form, mappedValue=1, caseSensitive=False) for form in forms
            )
            mapping = self.make.tag("mapping", entries, defaultValue=0, upperBound=1)
            declared.append(self.response("single", "string", forms[:1], f"RESPONSE_{number}", mapping))
        return "", declared

    def gap(self, number: int) -> str:
        longest = max((len(form) for form in self.key[number - 1].split(BETWEEN_FORMS)), default=10)
        return self.make.tag(
            "textEntryInteraction", responseIdentifier=f"RESPONSE_{number}", expectedLength=max(longest, 4)
        )

    # What all types share

    def options(self) -> dict[str, str]:
        return {one: to_inline(text, self.source) for one, text in self.item.options.items()}

    def reason(self, option: str) -> str:
        """Why this one is wrong, shown once it is chosen."""
        text = self.item.feedback.get(option)
        if not text:
            return ""
        inner = "<br/>".join(words(line) for line in text.split("\n"))
        return self.make.tag("feedbackInline", inner, outcomeIdentifier="FEEDBACK", identifier=option, showHide="show")

    def response(
        self, cardinality: str, base: str, values: list[str], identifier: str = "RESPONSE", mapping: str = ""
    ) -> str:
        correct = "".join(self.make.tag("value", words(value)) for value in values)
        inner = (self.make.tag("correctResponse", correct) if values else "") + mapping
        return self.make.tag(
            "responseDeclaration", inner, identifier=identifier, cardinality=cardinality, baseType=base
        ) + self.heard(identifier)

    def heard(self, identifier: str) -> str:
        """How often the recording was heard is a response of its own."""
        if not self.audio or identifier not in ("RESPONSE", "RESPONSE_1"):
            return ""
        return self.make.tag("responseDeclaration", identifier="PLAYS", cardinality="single", baseType="integer")

    def outcomes(self) -> list[str]:
        full = sum((one.points for one in self.item.criteria), start=0) or 1
        zero = self.make.tag("defaultValue", self.make.tag("value", "0"))
        declared = [
            self.make.tag(
                "outcomeDeclaration", zero, identifier="SCORE", cardinality="single", baseType="float",
                normalMaximum=full,
            )
        ]  # fmt: skip
        if self.item.feedback:
            declared.append(
                self.make.tag(
                    "outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier"
                )
            )
        if self.item.rationale:
            shown = self.make.tag("defaultValue", self.make.tag("value", RATIONALE))
            declared.append(
                self.make.tag(
                    "outcomeDeclaration", shown, identifier="SOLUTION", cardinality="single", baseType="identifier"
                )
            )
        return declared

    def processing(self) -> str:
        """Nothing is reckoned for open answers: people mark them."""
        rules = [] if self.item.type == "open" else [self.scoring()]
        if self.item.feedback and self.item.type in ("single", "multiple"):
            chosen = self.make.tag("multiple", self.make.tag("variable", identifier="RESPONSE"))
            rules.append(self.make.tag("setOutcomeValue", chosen, identifier="FEEDBACK"))
        return self.make.tag("responseProcessing", "".join(rules)) if rules else ""

    def scoring(self) -> str:
        right = self.make.tag("setOutcomeValue", self.figure(1), identifier="SCORE")
        wrong = self.make.tag("setOutcomeValue", self.figure(0), identifier="SCORE")
        met = self.all_gaps() if self.item.type == "fill" else self.matched()
        inner = self.make.tag("responseIf", met + right) + self.make.tag("responseElse", wrong)
        return self.make.tag("responseCondition", inner)

    def matched(self) -> str:
        inner = self.make.tag("variable", identifier="RESPONSE") + self.make.tag("correct", identifier="RESPONSE")
        return self.make.tag("match", inner)

    def all_gaps(self) -> str:
        mapped = "".join(
            self.make.tag("mapResponse", identifier=f"RESPONSE_{number}") for number in range(1, len(self.key) + 1)
        )
        return self.make.tag("gte", self.make.tag("sum", mapped) + self.figure(len(self.key)))

    def figure(self, value: int) -> str:
        return self.make.tag("baseValue", str(value), baseType="float")

    def modal(self) -> list[str]:
        if not self.item.rationale:
            return []
        told = "".join(f"<p>{words(line)}</p>" for line in self.item.rationale.split("\n"))
        inner = self.make.tag("contentBody", told) if self.version.kebab else told
        return [
            self.make.tag("modalFeedback", inner, outcomeIdentifier="SOLUTION", identifier=RATIONALE, showHide="show")
        ]

    # The material it shares

    @property
    def audio(self) -> Media | None:
        one = self.item.stimulus
        return one.media.get(one.audio) if one else None

    def shared_file(self) -> list[str]:
        one = self.item.stimulus
        if not one or not self.version.kebab or not one.text:
            return []
        href = f"../stimuli/{quote(ncname(one.id))}.xml"
        return [self.make.tag("assessmentStimulusRef", identifier=ncname(one.id), href=href, title=one.title)]

    def shared_body(self) -> list[str]:
        one, parts = self.item.stimulus, []
        if one and one.text and self.version.kebab:
            parts.append(f'<div data-stimulus-idref="{ncname(one.id)}"></div>')
        elif one and one.text:
            text = to_html(one.text, _source(one.media))
            parts.append(self.make.tag("rubricBlock", text, view="candidate", class_=STIMULUS_CLASS))
        if one and self.audio:
            address, kind = self.address(self.audio), self.audio.type
            sound = f'<object data="{address}" type="{kind}"></object>'
            if self.version.kebab:
                sound = f'<audio controls="controls"><source src="{address}" type="{kind}"/></audio>'
            parts.append(
                self.make.tag(
                    "mediaInteraction", sound, responseIdentifier="PLAYS", autostart=False, maxPlays=one.plays
                )
            )
        return parts

    def address(self, media: Media) -> str:
        return words("../" + quote(media_path(media)))
