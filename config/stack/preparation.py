"""Between an empty database and a running product: each step once, and again only when its sources changed."""

from pathlib import Path

from config.stack import postgres
from config.stack.commands import manage
from config.stack.environment import ROOT, Places
from config.stack.processes import Supervisor
from config.stack.stamps import fingerprint, is_current, put

# What the database's shape and reference data are made from.
SHAPE = ("*/migrations/*.py", "*/sql/*", "*/sql/**/*.sql", "*/management/commands/*.py", "*/data/**/*", "*/roles.py")


def is_demo(env: dict[str, str]) -> bool:
    return env.get("QIANSHOU_DEMO", "") not in ("", "0", "false")


def prepare_database(supervisor: Supervisor, place: Places, env: dict[str, str], *, local: bool) -> None:
    """Roles, tables, territory and, in demonstration mode, its data. All four commands may be repeated.

    The mark in a local database saves asking them; in a database that was given to us they run each time.
    """
    wanted = database_fingerprint(env)
    if local:
        postgres.make_owner_and_database(place)
        if postgres.read_mark(place) == wanted:
            return
    steps = [("roles",), ("migrate", "--no-input", "--verbosity", "1"), ("load_territory",), ("load_rules",)]
    if is_demo(env):
        steps.append(("demo",))
    for step in steps:
        supervisor.say(f"manage.py {step[0]}")
        supervisor.run(manage(*step), env)
    if local:
        postgres.write_mark(place, wanted)


def database_fingerprint(env: dict[str, str]) -> str:
    sources = {path for pattern in SHAPE for path in ROOT.glob(pattern) if path.is_file()}
    sources = {path for path in sources if "__pycache__" not in path.parts}
    return fingerprint([*sources, ROOT / "requirements" / "base.txt"], str(is_demo(env)))


def collect_static(supervisor: Supervisor, stamps: Path, env: dict[str, str]) -> None:
    """Fingerprinted copies of everything under static/, as in production."""
    files = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    wanted = fingerprint([*files, ROOT / "requirements" / "base.txt", ROOT / "config" / "settings.py"])
    if is_current(stamps / "static", wanted) and (ROOT / "staticfiles").is_dir():
        return
    supervisor.say("manage.py collectstatic")
    supervisor.run(manage("collectstatic", "--no-input", "--clear", "--verbosity", "0"), env)
    put(stamps / "static", wanted)
