"""`python -m config.stack …`: what the Makefile calls."""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import time

from config.stack import lock, postgres, redis, unprivileged
from config.stack.commands import HOST, beat, manage, web, worker
from config.stack.environment import (
    DEMO_PASSWORD,
    Places,
    StackError,
    local_environment,
    make_secrets,
    places,
)
from config.stack.node import ensure_assets
from config.stack.ports import first_free
from config.stack.preparation import collect_static, is_demo, prepare_database
from config.stack.processes import Supervisor


def run() -> None:
    """Start everything, say where it is, keep it running until interrupted."""
    begun = time.monotonic()
    place = places()
    place.make()
    with lock.only_one(place) as lock_file:
        _warn_root()
        make_secrets(place.secrets)
        env = _product_environment(place)
        supervisor = Supervisor(place, _say)
        try:
            stores(supervisor, place)
            _prepare(supervisor, place, env)
            port = first_free(int(env.get("PORT") or 8000), _say)
            for service in (web(env, port), worker(env), beat(env, place)):
                supervisor.launch(service)
            welcome = _welcome(env)
            supervisor.await_ready("web")
            address = f"http://{HOST}:{port}/"
            lock.tell(lock_file, {"pid": os.getpid(), "address": address})
            _say(f"started in {time.monotonic() - begun:.1f} s; logs in {place.logs}\n\n  {address}\n\n{welcome}")
            supervisor.watch()
        finally:
            _last_interrupt()
            _say("stopping")
            supervisor.stop()


def stores(supervisor: Supervisor, place: Places, *, throwaway: bool = False) -> None:
    """The two servers, unless the environment names others."""
    if not os.environ.get("DATABASE_URL"):
        supervisor.launch(postgres.service(place, throwaway=throwaway))
    if not os.environ.get("REDIS_URL"):
        supervisor.launch(redis.service(place))
    for name in list(supervisor.running):
        supervisor.await_ready(name)


def _prepare(supervisor: Supervisor, place: Places, env: dict[str, str]) -> None:
    ensure_assets(place.var / "stamps")
    collect_static(supervisor, place.var / "stamps", env)
    prepare_database(supervisor, place, env, local=not os.environ.get("DATABASE_URL"))


def _product_environment(place: Places) -> dict[str, str]:
    demonstration = {"QIANSHOU_DEMO": os.environ.get("QIANSHOU_DEMO", "1")}
    if is_demo(demonstration):
        demonstration["DEMO_PASSWORD"] = os.environ.get("DEMO_PASSWORD") or DEMO_PASSWORD
    return {"QIANSHOU_MANIFEST": "1", **local_environment(place), **demonstration}


def _welcome(env: dict[str, str]) -> str:
    if not is_demo(env):
        asked = subprocess.run(manage("setup_token"), env=env, capture_output=True, text=True)
        token = asked.stdout.strip()
        leads = f"The page leads through the first set-up; its token (安装口令): {token}\n  " if token else ""
        return f"  {asked.stderr or leads}Ctrl-C stops everything."
    listed = subprocess.run(manage("demo", "--print"), env=env, capture_output=True, text=True)
    return f"{listed.stdout or listed.stderr}\nCtrl-C stops everything."


def serve(name: str, command: list[str]) -> int:
    """Run one command with the servers of stack `name`; they are started for it when they aren't running."""
    place = places(name)
    place.make()
    make_secrets(place.secrets)
    env = {"QIANSHOU_DEMO": "1", "DEMO_PASSWORD": DEMO_PASSWORD, **local_environment(place)}
    if lock.is_held(place):
        return subprocess.run(command, env=env).returncode
    with lock.only_one(place):
        supervisor = Supervisor(place, _say_aside)
        try:
            stores(supervisor, place)
            if not os.environ.get("DATABASE_URL"):
                postgres.make_owner_and_database(place)
            return supervisor.spawn(command, env, stdin=None).wait()
        finally:
            _last_interrupt()
            supervisor.stop()


def reset() -> None:
    """Throw the demonstration data away; the next start loads it anew. Secrets stay."""
    if os.environ.get("DATABASE_URL"):
        raise StackError("demo-reset only drops the local database; DATABASE_URL names another one")
    place = places()
    place.make()
    with lock.only_one(place):
        make_secrets(place.secrets)
        env = _product_environment(place)
        supervisor = Supervisor(place, _say)
        try:
            stores(supervisor, place)
            postgres.drop_database(place)
            prepare_database(supervisor, place, env, local=True)
        finally:
            _last_interrupt()
            supervisor.stop()
    for left in place.valkey.rglob("*.aof*"):
        left.unlink()  # messages about rows that are gone
    _say("demonstration data loaded anew")


def stop() -> None:
    place = places()
    if not lock.is_held(place):
        _say("not running")
        return
    os.kill(lock.facts(place)["pid"], signal.SIGTERM)
    while lock.is_held(place):
        time.sleep(0.1)


def show_environment() -> None:
    """For a shell: `eval "$(python -m config.stack env)"`."""
    env = local_environment(places())
    for name in sorted(env.keys() - os.environ.keys()):
        sys.stdout.write(f"export {name}={shlex.quote(env[name])}\n")


def _warn_root() -> None:
    if unprivileged.is_root():
        _say("warning: running as root; an ordinary user is enough and safer")


def _say(line: str) -> None:
    print(line, flush=True)


def _say_aside(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _interrupt(*_arguments) -> None:
    raise KeyboardInterrupt


def _last_interrupt() -> None:
    # While stopping, more Ctrl-C would only leave processes behind; stop() itself has a time limit.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.stack")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("run", "stop", "reset", "env"):
        verbs.add_parser(verb)
    assets = verbs.add_parser("assets")
    assets.add_argument("--with-tools", action="store_true")
    with_servers = verbs.add_parser("with-servers")
    with_servers.add_argument("name")
    with_servers.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args()


def _dispatch(told: argparse.Namespace) -> int:
    match told.verb:
        case "run":
            run()
        case "stop":
            stop()
        case "reset":
            reset()
        case "env":
            show_environment()
        case "assets":
            ensure_assets(places().var / "stamps", with_tools=told.with_tools)
        case "with-servers":
            return serve(told.name, [part for part in told.command if part != "--"])
    return 0


def main() -> int:
    # Said for SIGINT too: a shell script starts its background jobs with it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays nohup
            signal.signal(number, _interrupt)
    try:
        return _dispatch(_arguments())
    except StackError as reason:
        _say_aside(f"\n{reason}")
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
