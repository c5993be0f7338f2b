"""Where the servers of one data directory keep their files, and on whose behalf they run.

PostgreSQL refuses to run as root, so root's servers run as an account of their own, which must be able to
reach both the programs and the cluster. Unix sockets have short names only, so they live in a small private
folder under /tmp whatever the data directory is called.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import N_, Refusal

ACCOUNT = "exam-engine"
SHARED_ROOT = Path("/var/lib/exam-engine")
SOCKET_ROOT = Path("/tmp")  # noqa: S108  (the folders in it are private and their owner is checked)


@dataclass(frozen=True)
class Account:
    """The user that a server runs as; `switch` is empty when that is whoever calls."""

    uid: int
    gid: int

    @property
    def switch(self) -> dict[str, object]:
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def prepare(data_dir: Path) -> Path:
    """Root's folder stays open for passing through, because the servers' account has to."""
    data_dir = data_dir.expanduser().absolute()
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise _unusable(data_dir, error) from error
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise _unusable(data_dir, PermissionError("no permission to write"))
    return data_dir.resolve()


def _unusable(data_dir: Path, error: OSError) -> Refusal:
    return Refusal(
        "data_dir_unusable",
        N_("The data directory %(path)s cannot be used (%(reason)s). Name another one with DATA_DIR."),
        path=data_dir,
        reason=error.strerror or str(error),
    )


@contextmanager
def locked(data_dir: Path, name: str = ".stores.lock") -> Iterator[None]:
    """One process at a time; the kernel lets go when the holder dies, however it dies."""
    with (data_dir / name).open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def account_for(cluster: Path) -> Account:
    """A cluster belongs to one account for ever; a new one to the caller, or to the servers' account for root."""
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        if os.geteuid() not in (0, owner.st_uid):
            raise Refusal(
                "data_dir_of_another_user",
                N_("The database in %(path)s belongs to another user. Run as that user, or name another DATA_DIR."),
                path=cluster,
            )
        return Account(owner.st_uid, owner.st_gid)
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    return _servers_account()


def _servers_account() -> Account:
    for attempt in ("look", "create"):
        try:
            entry = pwd.getpwnam(ACCOUNT)
        except KeyError:
            if attempt == "create":
                raise
            command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
            subprocess.run([*command, ACCOUNT], check=False, capture_output=True)
            entry = pwd.getpwnam(ACCOUNT)
        return Account(entry.pw_uid, entry.pw_gid)
    raise AssertionError


def cluster_of(data_dir: Path) -> Path:
    """The cluster's folder: in the data directory, or behind a link where root's servers can reach it."""
    wanted = data_dir / "postgres"
    if os.geteuid() == 0 and not (wanted.exists() or wanted.is_symlink()):
        account = _servers_account()
        if not _can(account, "-x", data_dir):
            SHARED_ROOT.mkdir(parents=True, exist_ok=True, mode=0o755)
            wanted.symlink_to(SHARED_ROOT / f"postgres-{_digest(data_dir)}")
    return wanted.resolve()


def socket_name(data_dir: Path, account: Account) -> Path:
    return SOCKET_ROOT / f"exam-{_digest(data_dir)}-{account.uid}"


def sockets_of(data_dir: Path, account: Account) -> Path:
    """A folder that nobody but the account (and root) can enter: who reaches a socket in it is trusted."""
    folder = socket_name(data_dir, account)
    try:
        folder.mkdir(mode=0o700)
        if account.switch:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) & 0o077:
            raise Refusal(
                "socket_dir_unsafe",
                N_("%(path)s does not belong to the exam engine's servers or is open to others. Remove it first."),
                path=folder,
            ) from None
    return folder


def forget_sockets(data_dir: Path) -> None:
    """Leave nothing behind in /tmp once no server uses it."""
    for folder in SOCKET_ROOT.glob(f"exam-{_digest(data_dir)}-*"):
        if not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)


def programs_for(account: Account, folders: list[Path], probe: Path, version: str) -> Path:
    """The path of `probe` where the account may run it: as installed, or in a copy when it cannot pass there.

    `folders` are copied with their place below their common parent, since programs find their libraries by it.
    """
    if not account.switch or _runs(account, probe):
        return probe
    base = Path(os.path.commonpath([folder.parent for folder in folders]))
    target = SHARED_ROOT / "programs" / version
    if not target.exists():
        fresh = target.with_name(f"{version}.{os.getpid()}")
        for folder in folders:
            shutil.copytree(folder, fresh / folder.relative_to(base), symlinks=True)
        for path in [SHARED_ROOT, target.parent, fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        fresh.rename(target)
    return target / probe.relative_to(base)


def clean_environment() -> dict[str, str]:
    """Without the variables that would point PostgreSQL's programs at some other server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _runs(account: Account, program: Path) -> bool:
    try:
        command = [program, "--version"]
        done = subprocess.run(command, check=False, capture_output=True, cwd="/", **account.switch)  # type: ignore[call-overload]
    except OSError:
        return False
    return bool(done.returncode == 0)


def _can(account: Account, how: str, path: Path) -> bool:
    command = ["test", how, str(path)]
    return bool(subprocess.run(command, check=False, cwd="/", **account.switch).returncode == 0)  # type: ignore[call-overload]


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
