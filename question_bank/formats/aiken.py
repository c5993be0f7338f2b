"""Aiken: a line for the question, lettered lines, ANSWER: and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

from app.core.errors import N_
from question_bank.bank_item import PRACTICE, BankItem
from question_bank.formats.excel_cells import FALSE, TRUE
from question_bank.formats.qti_writing import TRUE_FALSE
from question_bank.formats.texts import decoded
from question_bank.formats.values import Entries, Entry, Loss, Written

_OPTION = re.compile(r"\s*([A-Za-z])\s*[.)、．）:：]\s*(\S.*)")
_STRICT = re.compile(r"[A-Z][.)] ")
_ANSWER = re.compile(r"\s*ANSWERS?\s*[:：]\s*(.*)", re.IGNORECASE)
_AFTER = re.compile(r"\s*(ANSWER_EXPLANATION|FEEDBACK|SCORE|TAGS)\s*[:：]\s*(.*)", re.IGNORECASE)
_LETTERS = re.compile(r"[\s,;、，和及&]+")
_CARRIED = ("truefalse", "single")
_LOST = (
    "id", "scheme", "level", "row", "content", "point", "difficulty", "seconds", "case", "rationale", "source",
    "author", "reviewer", "status", "enemies", "feedback", "stimulus",
)  # fmt: skip


def looks_like_aiken(text: str) -> bool:
    lines = text[:200_000].split("\n")
    return any(_ANSWER.fullmatch(line) for line in lines) and any(_OPTION.fullmatch(line) for line in lines)


def write_aiken(items: Sequence[BankItem]) -> Written:
    parts, losses = [], list[Loss]()
    for item in sorted(items, key=lambda one: one.id):
        text, lost = _question(item)
        losses += lost
        parts += [text] if text else []
    return Written("bank-aiken.txt", "\n".join(parts).encode(), tuple(losses))


def _question(item: BankItem) -> tuple[str, list[Loss]]:
    if item.type not in _CARRIED:
        return "", [Loss(item.id, "type", N_("Aiken knows one right answer only; this item is left out."))]
    options = {"A": TRUE_FALSE["T"], "B": TRUE_FALSE["F"]} if item.type == "truefalse" else item.options
    right = {"T": "A", "F": "B"}[item.key[0]] if item.type == "truefalse" else item.key[0]
    stem = _one_line(item.stem)
    if _OPTION.fullmatch(stem) or _ANSWER.fullmatch(stem) or _AFTER.fullmatch(stem) or item.media:
        return "", [Loss(item.id, "stem", N_("Aiken cannot carry this question; the item is left out."))]
    lines = [stem, *(f"{one}. {_one_line(text)}" for one, text in options.items()), f"ANSWER: {right}", ""]
    missing = [name for name in _LOST if getattr(item, name)] + (["use"] if item.use == PRACTICE else [])
    losses = [Loss(item.id, name, N_("Aiken has no place for this.")) for name in missing]
    texts = {"stem": item.stem, **{f"options.{one}": text for one, text in item.options.items()}}
    message = N_("Aiken has one line for this; line breaks and markup are not kept.")
    losses += [Loss(item.id, name, message) for name, text in texts.items() if _one_line(text) != text]
    return "\n".join(lines), losses


def _one_line(text: str) -> str:
    return " ".join(text.split())


def read_aiken(content: bytes, file: str) -> Entries:
    found = Entries()
    entry, stem, options, done = Entry(file, 1), list[str](), dict[str, str](), False
    apart = False

    def close() -> None:
        nonlocal entry, stem, options, done
        if stem and options:
            _finish(entry, stem, options)
            found.add(entry)
        elif stem:
            message = N_("“%(name)s” has no lettered lines; it is left out.")
            found.leave_out(Loss("", "type", message, {"name": " ".join(stem)[:60]}, file, entry.line))
        stem, options, done = [], {}, False

    for number, line in enumerate(decoded(content).split("\n"), 1):
        bare = line.strip()
        option, answer, after = _OPTION.fullmatch(line), _ANSWER.fullmatch(line), _AFTER.fullmatch(line)
        if after and done:
            _told_after(entry, after[1].upper(), after[2].strip())
        elif answer and stem:
            entry.given["key"] = _LETTERS.sub("", answer[1]).upper()
            done = True
        elif option and stem and not done and option[1].upper() == ascii_uppercase[min(len(options), 25)]:
            options[option[1].upper()] = option[2].strip()
        elif not bare:
            if done:
                close()
        else:
            if done or not stem or (options and apart):
                close()
                entry = Entry(file, number)
            if options:
                last = list(options)[-1]
                options[last] += f"\n{bare}"
            else:
                stem.append(bare)
        apart = not bare
    close()
    return found


def _told_after(entry: Entry, name: str, text: str) -> None:
    """Lines that some tools add."""
    if name in ("ANSWER_EXPLANATION", "FEEDBACK"):
        entry.given["rationale"] = text
    else:
        entry.lose(name.lower(), N_("The line %(name)s is not read."), name=name)


def _finish(entry: Entry, stem: list[str], options: dict[str, str]) -> None:
    letters = entry.given.pop("key", "")
    entry.given["stem"] = "\n".join(stem)
    texts = [text.casefold() for text in options.values()]
    if len(texts) == 2 and ((texts[0] in TRUE and texts[1] in FALSE) or (texts[0] in FALSE and texts[1] in TRUE)):
        entry.given["type"] = "truefalse"
        if letters in options:
            entry.given["key"] = ["T" if options[letters].casefold() in TRUE else "F"]
        return
    entry.given |= {"type": "multiple" if len(letters) > 1 else "single", "options": options}
    if letters:
        entry.given["key"] = list(letters)
