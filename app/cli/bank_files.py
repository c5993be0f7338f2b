"""flask bank import, export, template: files of every format in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.cli.bank_words import level_code, level_option, losses_told, reason, scheme_option, tell
from app.cli.files import write_bytes
from app.cli.output import SHELL, command
from app.cli.progress import Bar
from app.core import audit, clock
from app.core.db import db
from app.core.errors import N_, Refusal
from question_bank import interchange
from question_bank.bank_item import BankItem
from question_bank.file_problems import BankInvalid, FileProblem
from question_bank.formats.excel_corrected import UNPLACED, corrected
from question_bank.formats.excel_template import template
from question_bank.items import keep_items, known_codes, stored_items
from question_bank.workshop.drafts_in import take_in_drafts


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "format_name", type=click.Choice(interchange.READERS), help="Otherwise by the suffix.")
@click.option("--dry-run", is_flag=True, help="Check everything and count, keep nothing.")
@click.option("--scheme", "scheme", default="", help="For items that name none.")
@click.option("--level", "level", default="", help="For items that name none.")
@click.option("--row", "row", default="", help="For items that name none.")
@click.option("--content", "content", default="", help="For items that name none.")
@click.option("--prefix", "prefix", default="", help="Begins the codes of items without one: PREFIX-0001 …")
@click.option("--as-drafts", is_flag=True, help="Into the workshop, where what is missing can be filled in.")
@click.option("--corrected", "marked", type=click.Path(dir_okay=False, path_type=Path),
              help="Where to write the workbook again with its wrong cells marked.")  # fmt: skip
@with_appcontext
@command
def import_command(
    paths: Sequence[str], format_name: str | None, dry_run: bool, as_drafts: bool, marked: Path | None, **places: str
) -> Any:
    """Take in all items of all files, or none. The same content makes no new version."""
    session = db.session()
    files = interchange.expand(paths)
    with Bar() as bar:
        found = interchange.read_all(files, format_name, interchange.Defaults(**places), bar)
        try:
            _refuse_wrong(session, found, as_drafts)
        except BankInvalid as refusal:
            _write_marked(files, refusal, marked)
            tell(refusal, found)
            raise
        items = [one.item for one in found.items]
        if as_drafts:
            kept: dict[str, Any] = asdict(take_in_drafts(session, SHELL, items, clock.now()))
        else:
            kept = asdict(keep_items(session, SHELL, items, bar))
    if dry_run:
        session.rollback()
    else:
        session.commit()
    value = {"files": len(files), "items": len(found.items), **kept, "dry_run": dry_run, **losses_told(found)}
    return value, _words(value, as_drafts)


def _refuse_wrong(session: Session, found: interchange.Found, as_drafts: bool) -> None:
    problems = list(found.problems)
    if not as_drafts:
        problems += interchange.missing(found.items)
    named = {enemy for one in found.items for enemy in one.item.enemies}
    problems = problems or interchange.unknown_enemies(found.items, known_codes(session, named))
    if problems:
        raise BankInvalid(problems)


def _words(value: dict[str, Any], as_drafts: bool) -> str:
    if as_drafts:
        words = gettext(
            "%(items)s items in %(files)s files: %(new)s new drafts, %(revised)s revisions, %(unchanged)s unchanged.",
            **value,
        )
    else:
        words = gettext(
            "%(items)s items in %(files)s files: %(new)s new, %(changed)s changed, %(unchanged)s unchanged; "
            "pairs of enemies: %(enemies_added)s added, %(enemies_removed)s removed.", **value
        )  # fmt: skip
    nothing_kept = gettext("Nothing was kept: this was a rehearsal.")
    lines = [f"{words} {nothing_kept}" if value["dry_run"] else words]
    return "\n".join([*lines, *_lines(value)])


def _lines(value: dict[str, Any]) -> list[str]:
    """What the files could not carry, each with its place."""
    return [
        "  " + " · ".join(str(one[name]) for name in ("file", "line", "item", "field", "reason") if one.get(name))
        for one in (*value["losses"], *value["missing"])
    ]


def _write_marked(files: Sequence[Path], refusal: BankInvalid, marked: Path | None) -> None:
    if marked is None:
        return
    books = [file for file in files if file.suffix.lower() == ".xlsx"]
    if len(books) != 1:
        raise Refusal("one_workbook", N_("A marked copy is made of one workbook. Import one .xlsx file at a time."))
    mine: list[FileProblem] = [one for one in refusal.problems if one.file == str(books[0])]
    write_bytes(marked, corrected(books[0].read_bytes(), mine, reason, heading=gettext(UNPLACED)))


@click.command("export")
@scheme_option
@level_option
@click.option("--format", "format_name", type=click.Choice(list(interchange.FORMATS)), default="yaml",
              show_default=True, help="The format to write.")  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Otherwise to the standard output.")
@with_appcontext
@command
def export_command(scheme_code: str | None, level_name: str | None, format_name: str, output: Path | None) -> Any:
    """Write the newest version of every item, keys included, so that it imports again."""
    session = db.session()
    code = level_code(scheme_code, level_name)
    items = stored_items(session, scheme_code, code)
    if not items:
        raise Refusal("bank_empty_here", N_("The bank holds no items of this scheme and level. Import items first."))
    written = interchange.write(format_name, items)
    if format_name == "yaml" and (output is None or output.suffix.lower() in (".yaml", ".yml")):
        written, items = _as_one_text(written, items)
    _refuse_wrong_name(written.name, output)
    audit.record(
        session, "bank:exported", SHELL, "bank", None, items=len(items), scheme=scheme_code, level=code,
        format=format_name,
    )  # fmt: skip
    session.commit()
    told = losses_told(written)
    if output is None:
        text = written.content.decode()
        for line in _lines({**told, "missing": []}):
            click.echo(line, err=True)
        return {"items": len(items), format_name: text, **told}, text.rstrip("\n")
    write_bytes(output, written.content)
    value = {"items": len(items), "output": str(output), **told, "missing": []}
    words = gettext("%(items)s items written to %(output)s. The file holds keys: keep it safe.", **value)
    return value, "\n".join([words, *_lines(value)])


def _as_one_text(written: interchange.Written, items: Sequence[BankItem]) -> tuple[interchange.Written, list[BankItem]]:
    """A text carries no pictures and recordings: the items that need them are left out, and named."""
    if not written.name.endswith(".zip"):
        return written, list(items)
    shown = [item for item in items if not item.media and not (item.stimulus and item.stimulus.media)]
    message = N_("It is left out, for its pictures or recordings need a package. Name a .zip file with --output.")
    left_out = [interchange.Loss(item.id, "media", message) for item in items if item not in shown]
    text = interchange.write("yaml", shown)
    return replace(text, losses=(*text.losses, *left_out)), shown


def _refuse_wrong_name(name: str, output: Path | None) -> None:
    """A package under the name of a text would be taken for one."""
    suffix = Path(name).suffix
    if suffix in (".zip", ".xlsx") and (output is None or output.suffix.lower() != suffix):
        message = N_(
            "What would be written is a %(suffix)s file, with all pictures and recordings; name one with --output."
        )
        raise Refusal("output_needed", message, suffix=suffix)


@click.command("template")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@with_appcontext
@command
def template_command(output: Path) -> Any:
    """Write the empty workbook authors start from: headings, lists to choose from, an example of every type."""
    write_bytes(output, template())
    return {"output": str(output)}, gettext("The template was written to %(output)s.", output=str(output))
