"""Where the local stack keeps things, its secrets, and the environment its processes see.

Needs the standard library only: a production installation makes its secrets with it too
(`python -m config.stack.environment FOLDER`).
"""

import base64
import hashlib
import json
import os
import secrets
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OWNER, WEB, JOB, BACKUP = "qianshou_owner", "qianshou_web", "qianshou_job", "qianshou_backup"
SUPERUSER = "postgres"
DATABASE = "qianshou"
# A socket's whole path may have 107 bytes; `.s.PGSQL.5432.lock` and a folder of ours follow the base.
SOCKET_BASE_LIMIT = 60
DEMO_PASSWORD = "Qianshou-2026-demo"


class StackError(Exception):
    """The stack can't go on; the message says what to do."""


@dataclass(frozen=True)
class Places:
    """The folders of one stack: `var` for `make run`, a folder of its own inside for tests and benches."""

    var: Path

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def valkey(self) -> Path:
        return self.var / "valkey"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def pids(self) -> Path:
        return self.var / "run"

    @property
    def sockets(self) -> Path:
        """A short private folder for sockets: the checkout itself may lie under a long path."""
        name = "qs-" + hashlib.sha256(f"{os.getuid()}:{self.var}".encode()).hexdigest()[:10]
        base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
        if len(os.fsencode(base)) > SOCKET_BASE_LIMIT or not os.access(base, os.W_OK):
            base = "/tmp"
        return Path(base) / name

    def make(self) -> None:
        """Make the folders, private to this user; refuse a socket folder that belongs to someone else."""
        for folder in (self.var, self.secrets, self.valkey, self.logs, self.pids, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.sockets.lstat()
        if found.st_uid != os.getuid() or self.sockets.is_symlink():
            raise StackError(f"{self.sockets} belongs to someone else; remove it or set XDG_RUNTIME_DIR")
        self.sockets.chmod(0o700)


def places(name: str = "") -> Places:
    """The stack `name`, or the one of `make run`; QIANSHOU_VAR moves them all."""
    var = Path(os.environ.get("QIANSHOU_VAR") or ROOT / "var").resolve()
    return Places(var / name if name else var)


def make_secrets(folder: Path) -> None:
    """Make `secret_key` and `keyring.json` in `folder`, readable by their owner only; never overwrite one.

    A lost keyring makes every stored identity unreadable, so what stands is left alone.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_once(folder / "secret_key", secrets.token_urlsafe(50) + "\n")
    keyring = {"current": "k1", "keys": {"k1": _key()}, "index": _key(), "audit": _key()}
    _write_once(folder / "keyring.json", json.dumps(keyring, indent=1) + "\n")


def database_passwords(folder: Path) -> dict[str, str]:
    """The passwords of the database logins of a local stack, made once, kept beside the other secrets."""
    logins = (SUPERUSER, OWNER, WEB, JOB, BACKUP)
    path = folder / "database.json"
    _write_once(path, json.dumps({login: secrets.token_hex(16) for login in logins}, indent=1) + "\n")
    return json.loads(path.read_text())


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write_once(path: Path, text: str) -> None:
    """Write the whole file or nothing: a start cut short must not leave half a keyring."""
    if path.exists():
        return
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")  # mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # refuses to replace, also when two starts meet here
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


def local_environment(place: Places, database: str = DATABASE) -> dict[str, str]:
    """What commands of this stack see: the given DATABASE_URL and REDIS_URL, or those of its own servers."""
    given = os.environ
    env = {
        **given,
        "QIANSHOU_SECRETS": given.get("QIANSHOU_SECRETS") or str(place.secrets),
        "QIANSHOU_DATA": given.get("QIANSHOU_DATA") or str(place.var / "files"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if not given.get("DATABASE_URL"):
        env.update(database_urls(place, database))
    if not given.get("REDIS_URL"):
        env["REDIS_URL"] = f"unix://{place.sockets}/valkey.sock"
    return env


def database_urls(place: Places, database: str = DATABASE) -> dict[str, str]:
    """The five URLs of the local server. The folder goes into the query: django-environ leaves %2F as it is."""
    passwords = database_passwords(place.secrets)
    variables = {
        "ADMIN_DATABASE_URL": SUPERUSER,
        "DATABASE_URL": OWNER,
        "WEB_DATABASE_URL": WEB,
        "JOB_DATABASE_URL": JOB,
        "BACKUP_DATABASE_URL": BACKUP,
    }
    host = place.sockets / "pg"
    return {
        variable: f"postgres://{login}:{passwords[login]}@/{database}?host={host}"
        for variable, login in variables.items()
    }


def for_role(env: dict[str, str], role: str) -> dict[str, str]:
    """The same environment for a web or job process: it never holds the owner's or the superuser's password."""
    own = f"{role.upper()}_DATABASE_URL"
    hidden = {"ADMIN_DATABASE_URL", "BACKUP_DATABASE_URL", "WEB_DATABASE_URL", "JOB_DATABASE_URL"} - {own}
    if env.get(own):
        hidden.add("DATABASE_URL")
    kept = {name: value for name, value in env.items() if name not in hidden}
    return {**kept, "QIANSHOU_ROLE": role}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("use: python -m config.stack.environment FOLDER")
    make_secrets(Path(sys.argv[1]))
