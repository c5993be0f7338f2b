"""What counts as right in an assessmentItem, however its author's tool wrote it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.formats.xml_reading import Element, child, children, local, plain


@dataclass(frozen=True)
class Response:
    """One responseDeclaration: right values in their order, and what a mapping gives for each value."""

    cardinality: str = "single"
    base: str = ""
    correct: tuple[str, ...] = ()
    mapped: Mapping[str, float] | None = None
    partly: bool = False
    """Some value earns a part of the marks."""

    def right(self) -> tuple[str, ...]:
        """What is said to be correct; without that, what earns most, or everything that earns where several may."""
        if self.correct or not self.mapped:
            return self.correct
        earning = {value: marks for value, marks in self.mapped.items() if marks > 0}
        if self.cardinality == "single" and earning:
            best = max(earning.values())
            return tuple(value for value, marks in earning.items() if marks == best)
        return tuple(earning)

    def accepted(self) -> tuple[str, ...]:
        """Every form that counts for a gap."""
        full = max(self.mapped.values(), default=0.0) if self.mapped else 0.0
        more = [value for value, marks in (self.mapped or {}).items() if marks > 0 and marks >= full]
        return tuple(dict.fromkeys([*self.correct, *more]))


def responses(item: Element) -> dict[str, Response]:
    found = {one.get("identifier", ""): _declared(one) for one in children(item, "responseDeclaration")}
    processing = child(item, "responseProcessing")
    if processing is not None:
        for name, values in _processed(processing).items():
            one = found.get(name)
            if one is not None and not one.right():
                found[name] = Response(one.cardinality, one.base, tuple(values), one.mapped, one.partly)
    return found


def _declared(element: Element) -> Response:
    correct = child(element, "correctResponse")
    values = [plain(one).strip() for one in children(correct, "value")] if correct is not None else []
    mapping = child(element, "mapping")
    mapped: dict[str, float] = {}
    for one in children(mapping, "mapEntry") if mapping is not None else ():
        mapped[(one.get("mapKey") or "").strip()] = _figure(one.get("mappedValue"))
    earning = {marks for marks in mapped.values() if marks > 0}
    partly = len(earning) > 1 or any(value not in values for value in mapped if values and mapped[value] > 0)
    cardinality = (element.get("cardinality") or "single").lower()
    return Response(cardinality, element.get("baseType") or "", tuple(values), mapped or None, partly)


def _processed(element: Element) -> dict[str, list[str]]:
    """Values that rules compare a response with before they give marks: the way of tools that declare nothing."""
    found: dict[str, list[str]] = {}
    for rule in element.iter():
        if local(rule) not in ("responseIf", "responseElseIf") or not _gives_marks(rule):
            continue
        for test in rule.iter():
            if local(test) in ("match", "member", "stringMatch", "equal"):
                names = [one.get("identifier", "") for one in children(test, "variable")]
                values = [plain(one).strip() for one in children(test, "baseValue")]
                if len(names) == 1 and values:
                    found.setdefault(names[0], []).extend(values)
    return found


def _gives_marks(rule: Element) -> bool:
    for one in children(rule, "setOutcomeValue"):
        figures = [_figure(plain(value)) for value in one.iter() if local(value) == "baseValue"]
        if one.get("identifier", "").upper() in ("SCORE", "RAWSCORE") and any(figure > 0 for figure in figures):
            return True
    return False


def _figure(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
