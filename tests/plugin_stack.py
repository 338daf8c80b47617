"""A pytest plugin (`-p tests.plugin_stack`): PostgreSQL and Redis for the tests, unless the environment names them.

It acts when it is imported: pytest-django reads the settings, and with them DATABASE_URL, before any conftest.
Workers of xdist import it too, and find the environment already set by the process that started them.

Several runs in one checkout may go on at once: each takes a seat, the seat names its database, and the run that
leaves last stops the servers. The data directory stays, so that the next run starts in a second.
"""

import atexit
import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TextIO

SEATS = 8
# Held while servers are started or stopped, and by each run for as long as it uses them.
_held: list[TextIO] = []


def _start() -> None:
    from config.stack.environment import DATABASE, local_environment, make_secrets, places

    place = places("test-stack")
    place.make()
    make_secrets(place.secrets)
    with _opened(place.var / "changing.lock") as changing:
        fcntl.flock(changing, fcntl.LOCK_EX)
        use = _opened(place.var / "use.lock")
        fcntl.flock(use, fcntl.LOCK_SH)
        seat, mine = _take_seat(place.var)
        _held.extend([use, mine])
        database = f"{DATABASE}_{seat}" if seat else DATABASE
        os.environ["QS_TEST_SUFFIX"] = str(seat or "")
        given_redis = bool(os.environ.get("REDIS_URL"))
        _ensure_servers(place)
        env = local_environment(place, database)
        _ensure_roles(place, database, env)
    os.environ.update(env)
    if seat and not given_redis:
        os.environ["REDIS_URL"] += f"?db={seat}"
    atexit.register(_leave, place, os.getpid())


def _opened(path: Path) -> TextIO:
    return path.open("a+")


def _take_seat(folder: Path) -> tuple[int, TextIO]:
    for number in range(SEATS):
        file = _opened(folder / f"seat-{number}.lock")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
        else:
            return number, file
    raise SystemExit(f"{SEATS} test runs are using the servers in {folder}; wait for one to end")


def _ensure_servers(place) -> None:
    from config.stack import postgres, redis
    from config.stack.processes import end_leftovers, note_process, noted_process

    wanted = {
        "postgres": (not os.environ.get("DATABASE_URL"), lambda: postgres.service(place, throwaway=True)),
        "redis": (not os.environ.get("REDIS_URL"), lambda: redis.service(place)),
    }
    for name, (ours, service) in wanted.items():
        note = place.pids / f"{name}.json"
        if not ours or noted_process(note):
            continue
        made = service()
        with (place.logs / f"{name}.log").open("ab") as log:
            # A session of their own: a run that is interrupted must not take them from the others.
            process = subprocess.Popen(
                made.argv,
                env=dict(made.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        note_process(place.pids, name, process.pid, signal.Signals(made.stop_signal))
        _await(made, process, lambda: end_leftovers(place.pids))


def _await(service, process: subprocess.Popen, give_up) -> None:
    end = time.monotonic() + 60
    while not service.is_ready():
        if process.poll() is not None or time.monotonic() > end:
            give_up()
            raise SystemExit(f"{service.name} for the tests did not start; see var/test-stack/log/{service.name}.log")
        time.sleep(0.05)


def _ensure_roles(place, database: str, env: dict[str, str]) -> None:
    """The logins and roles belong to the whole server: made once for a data directory."""
    from config.stack import postgres
    from config.stack.commands import manage
    from config.stack.environment import ROOT
    from config.stack.stamps import fingerprint

    if os.environ.get("DATABASE_URL"):
        return
    postgres.make_owner_and_database(place, database)
    command = [*ROOT.glob("*/management/commands/roles.py"), *ROOT.glob("core/sql/*"), *ROOT.glob("core/roles*.py")]
    wanted = fingerprint(command)
    if not command or postgres.read_mark(place, database) == wanted:
        return
    done = subprocess.run(manage("roles"), env=env, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"manage.py roles failed:\n{done.stdout}{done.stderr}")
    postgres.write_mark(place, wanted, database)


def _leave(place, pid: int) -> None:
    """Stop the servers when no other run uses them."""
    if os.getpid() != pid or os.environ.get("QIANSHOU_TEST_STACK") == "keep":
        return
    from config.stack.processes import end_leftovers

    with _opened(place.var / "changing.lock") as changing:
        fcntl.flock(changing, fcntl.LOCK_EX)
        for file in _held:
            file.close()
        with _opened(place.var / "use.lock") as use:
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            end_leftovers(place.pids)


if "PYTEST_XDIST_WORKER" not in os.environ:
    _start()
