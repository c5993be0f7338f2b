"""The catalogues of texts: collect what code and templates say, and see to it that no language lacks a sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "app" / "translations"
SOURCES = ["app", "question_bank", "proctoring", "certificates", "deploy"]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
OPTIONS = {"**/templates/**": {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
LANGUAGES = ("zh_CN", "en")
SOURCE_LANGUAGE = "en"
HEADER = "# The sentences of the exam engine; kept in line with the code by `make i18n`."


def collected() -> Catalog:
    """Every sentence that is marked for people, with the files that say it."""
    found = Catalog(project="exam-engine", charset="utf-8")
    for source in SOURCES:
        messages = extract_from_dir(
            ROOT / source, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("NOTE:",), strip_comment_tags=True,
            directory_filter=_holds_texts,
        )  # fmt: skip
        for name, _line, message, comments, context in messages:
            found.add(message, None, [(f"{source}/{name}", 0)], auto_comments=comments, context=context)
    return found


def _holds_texts(folder: str | os.PathLike[str]) -> bool:
    """Babel by itself passes over folders whose name begins with an underscore, and so over our macros."""
    return Path(folder).name != "__pycache__"


def path_of(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="exam-engine")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(*, tidy: bool = False) -> None:
    """Bring both catalogues in line with the code; English says what the code says.

    A sentence that the code no longer says is put by and comes back with the code, until somebody tidies.
    """
    template = collected()
    for language in LANGUAGES:
        catalogue = read(language)
        for message in list(catalogue.obsolete.values()):
            catalogue[message.id] = message
        catalogue.obsolete.clear()
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.header_comment, catalogue.fuzzy = HEADER, False
        catalogue.project, catalogue.version = "exam-engine", "1"
        catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
        if language == SOURCE_LANGUAGE:
            for message in catalogue:
                message.string = message.id
        if tidy:
            catalogue.obsolete.clear()
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        with path_of(language).open("wb") as file:
            write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, omit_header=False)


def compile_stale() -> None:
    """What the running engine reads, wherever it is older than its catalogue."""
    for language in LANGUAGES:
        source = path_of(language)
        compiled = source.with_suffix(".mo")
        if source.exists() and (not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime):
            fresh = compiled.with_suffix(f".{os.getpid()}")
            with fresh.open("wb") as file:
                write_mo(file, read(language))
            fresh.replace(compiled)


def faults(language: str, template: Catalog) -> Iterator[str]:
    catalogue = read(language)
    for wanted in template:
        if wanted.id and (fault := _fault(catalogue.get(wanted.id, wanted.context), catalogue)):
            where = ", ".join(sorted({name for name, _ in wanted.locations}))
            yield f"{language}: {fault}: {wanted.id!r} ({where})"


def _fault(message: Message | None, catalogue: Catalog) -> str | None:
    if message is None or not message.string or (isinstance(message.string, tuple | list) and not all(message.string)):
        return "not translated"
    if message.fuzzy:
        return "not confirmed"
    return next((str(error) for error in message.check(catalogue)), None)


def check() -> int:
    template = collected()
    found = [fault for language in LANGUAGES for fault in faults(language, template)]
    print("\n".join(found) or f"{len(template)} sentences, all in {' and '.join(LANGUAGES)}")
    return 1 if found else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["tidy"]:
            update(tidy=True)
        case ["compile"]:
            compile_stale()
        case ["check"]:
            sys.exit(check())
        case _:
            sys.exit("usage: python -m deploy.catalogues update | tidy | compile | check")
