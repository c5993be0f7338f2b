"""The sections of a room's record, each from its part of the content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from certificates.papers.record import wording
from certificates.papers.record.layout import RED, Flow
from proctoring.record_lines import together, told


@dataclass(frozen=True)
class Words:
    """How times and places are told in this record."""

    zone: ZoneInfo

    def moment(self, at: datetime | str | None) -> str:
        return f"{self._local(at):%Y-%m-%d %H:%M:%S}" if at else "—"

    def clock(self, at: datetime | str | None) -> str:
        return f"{self._local(at):%m-%d %H:%M:%S}" if at else "—"

    def _local(self, at: datetime | str) -> datetime:
        return (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(self.zone)


def facts(flow: Flow, content: dict[str, Any], words: Words) -> None:
    seats = content["seats"]
    room = f"{content['room']}（{seats[0]}-{seats[1]}）" if seats else "—"
    values = {
        "site": "  ".join(filter(None, (content["site"], content["address"]))),
        "room": room,
        "session": str(content["session"]),
        "scheme": f"{content['scheme_name'][0]}（{content['scheme']}）\n{content['scheme_name'][1]}",
        "level": " ".join(content["level"]),
        "minutes": wording.MINUTES.format(minutes=content["minutes"]),
        "planned": f"{words.moment(content['planned'][0])} –\n{words.moment(content['planned'][1])}",
        "opened": words.moment(content["opened"]),
        "first_start": words.moment(content["first_start"]),
        "ended": words.moment(content["ended"]),
        "papers": str(content["papers"]["drawn"]),
        "snapshot": content["papers"]["snapshot"][:16] or "—",
    }
    pairs = [(wording.FACTS[name], value) for name, value in values.items()]
    flow.table([(*one, *two) for one, two in zip(pairs[::2], pairs[1::2], strict=True)], (4, 7, 4, 7), labels=True)


def candidates(flow: Flow, content: dict[str, Any], _words: Words) -> None:
    found = content["candidates"]
    flow.heading(wording.SECTIONS["candidates"])
    figures = [str(one if isinstance(one, int) else len(one)) for one in (found[name] for name in wording.CANDIDATES)]
    flow.table([figures], (1,) * len(figures), tuple(wording.CANDIDATES.values()))
    rows = [(label, "、".join(map(_person, found[name]))) for name, label in wording.LISTS.items() if found[name]]
    if rows:
        flow.table(rows, (1, 3), labels=True)


def staff(flow: Flow, content: dict[str, Any], words: Words) -> None:
    found = content["staff"]
    flow.heading(wording.SECTIONS["staff"])
    stays = [(name, words.clock(began), words.clock(to) if to else wording.TO_THE_END)
             for _, name, began, to in found["people"]]  # fmt: skip
    nobody = wording.NONE if content["ended"] else wording.AFTERWARDS
    flow.table(stays or [(nobody, "", "")], (2, 2, 2), wording.HEADS["staff"])
    flow.text(wording.RATIO.format(**found))
    if not found["breaches"]:
        flow.text(wording.RATIO_KEPT if stays else "")
        return
    flow.text(wording.RATIO_BROKEN, colour=RED)
    flow.space(2)
    rows = [(words.clock(began), words.clock(to), f"{have} / {found['need']}") for began, to, have in found["breaches"]]
    flow.table(rows, (2, 2, 2), wording.HEADS["breaches"])


def interventions(flow: Flow, content: dict[str, Any], words: Words) -> None:
    rows = [
        (words.clock(one["at"]), told(one["seats"]), _act(one), one["reason"] or "—", one["by"])
        for one in together(content["interventions"])
    ]
    _section(flow, "interventions", rows, (3, 1.4, 3, 5, 2.4))


def messages(flow: Flow, content: dict[str, Any], words: Words) -> None:
    rows = [(words.clock(one["at"]), _range(one["seats"]), one["text"], one["by"]) for one in content["messages"]]
    _section(flow, "messages", rows, (3, 2, 7, 2.4))


def incidents(flow: Flow, content: dict[str, Any], words: Words) -> None:
    rows = []
    for one in content["incidents"]:
        kind = f"{wording.CATEGORIES.get(one['category'], one['category'])}\n{wording.SEVERITIES[one['severity']]}"
        when = f"{words.clock(one['at'])}\n{words.clock(one['recorded'])}"
        who = f"{one['seat']} {one['name']}" if one["seat"] else wording.WHOLE
        rows.append((when, who, kind, _told(one), one["by"] or "—"))
    _section(flow, "incidents", rows, (3, 2.2, 3.2, 6.2, 2))


def outages(flow: Flow, content: dict[str, Any], words: Words) -> None:
    flow.heading(wording.SECTIONS["outages"])
    if not content["silences"] and not content["outages"]:
        flow.text(wording.NONE)
    if content["outages"]:
        rows = [(words.clock(began), words.clock(to)) for began, to in content["outages"]]
        flow.table(rows, (1, 1), wording.HEADS["service"])
    if content["silences"]:
        told = wording.SECONDS
        rows_by_seat = [
            (str(one["seat"]), str(one["times"]), told.format(seconds=one["seconds"]),
             told.format(seconds=one["longest"]))
            for one in content["silences"]
        ]  # fmt: skip
        flow.table(rows_by_seat, (1, 1, 1, 1), wording.HEADS["silences"])


def closing(flow: Flow, content: dict[str, Any], _words: Words) -> None:
    flow.heading(wording.SECTIONS["closing"])
    found = [(wording.CLOSING.get(how, how), str(count)) for how, count in content["closing"].items()]
    flow.table(found or [(wording.NONE, "")], (2, 1), labels=True)


def remarks(flow: Flow, content: dict[str, Any], words: Words) -> None:
    _section(flow, "remarks", [(words.clock(at), text, name) for at, name, text in content["remarks"]], (3, 8, 2.4))


ALL: tuple[Callable[[Flow, dict[str, Any], Words], None], ...] = (
    facts, candidates, staff, interventions, messages, incidents, outages, closing, remarks,
)  # fmt: skip


def _section(flow: Flow, name: str, rows: Sequence[tuple[str, ...]], widths: tuple[float, ...]) -> None:
    flow.heading(wording.SECTIONS[name])
    if rows:
        flow.table(rows, widths, wording.HEADS[name])
    else:
        flow.text(wording.NONE)


def _person(entry: list[Any]) -> str:
    """Seat and name; what was noted, or that somebody is at work there unchecked."""
    seat, name, *more = entry
    note = (wording.AT_WORK if more[0] is True else more[0]) if more and more[0] else ""
    return f"{seat} {name}" + (f"（{note}）" if note else "")


def _act(one: dict[str, Any]) -> str:
    seconds = f" {wording.SECONDS.format(seconds=one['seconds'])}" if one["seconds"] else ""
    return f"{wording.ACTS.get(one['what'], one['what'])}{seconds}"


def _told(one: dict[str, Any]) -> str:
    told = [wording.POSITION.format(position=one["position"])] if one["position"] else []
    told.append(one["description"])
    told += [wording.EVIDENCE.format(name=name, digest=digest[:12]) for name, digest in one["evidence"]]
    if one["severity"] == "serious":
        told.append(wording.WITNESS.format(name=one["witness"]) if one["witness"] else wording.NO_WITNESS)
    if one["resolution"] is not None:
        told.append(wording.RESOLUTION.format(how=one["resolution"]))
    return "\n".join(told)


def _range(seats: list[int]) -> str:
    return str(seats[0]) if seats[0] == seats[1] else f"{seats[0]}-{seats[1]}"
