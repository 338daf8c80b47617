"""The production shape by hand: docker-compose.yml's own commands against Debian's PostgreSQL 15 and Redis."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import yaml

from config.stack import unprivileged
from config.stack.environment import ROOT
from config.stack.ports import first_free

POSTGRES = Path("/usr/lib/postgresql/15/bin")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVER_NAME = "localhost"


def missing() -> str:
    """Why the test can't run here, or nothing."""
    if not (POSTGRES / "postgres").exists():
        return "Debian's postgresql-15 is not installed"
    return "" if shutil.which("redis-server") else "Debian's redis-server is not installed"


@dataclass
class Shape:
    """Servers that run, and what the containers would see."""

    folder: Path
    postgres_port: int
    redis_port: int

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    def secret(self, name: str) -> str:
        return (self.secrets / name).read_text().strip()

    def environment(self, service: str) -> dict[str, str]:
        """The service's environment of the compose file, with this machine's places; nothing of ours leaks in."""
        declared = {name: self.here(str(value)) for name, value in COMPOSE["services"][service]["environment"].items()}
        path = f"{Path(sys.executable).parent}:{POSTGRES}:{os.environ['PATH']}"
        image = {"QIANSHOU_SECRETS": str(self.secrets), "QIANSHOU_DATA": str(self.folder / "files")}
        plain = {"PATH": path, "HOME": str(self.folder), "LANG": "C.UTF-8", "QIANSHOU_MANIFEST": "1"}
        return {**plain, **image, **declared}

    def command(self, service: str) -> list[str]:
        declared = [self.here(part) for part in COMPOSE["services"][service]["command"]]
        return [str(ROOT / "deploy" / "entrypoint.sh"), *declared]

    def here(self, text: str) -> str:
        places = {
            "/run/secrets": str(self.secrets),
            "/etc/redis/redis.conf": str(ROOT / "deploy" / "redis.conf"),
            "${SERVER_NAME}": SERVER_NAME,
            "${SERVER_NAME:?the name in the address, such as qianshou.example.gov.cn}": SERVER_NAME,
            "/tmp/celerybeat-schedule": str(self.folder / "celerybeat-schedule"),
            "$$": "$",
        }
        for there, ours in sorted(places.items(), key=lambda one: -len(one[0])):
            text = text.replace(there, ours)
        return text

    def run(self, argv: list[str], env: dict[str, str]) -> str:
        done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, f"{argv}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    @contextmanager
    def running(self, name: str, argv: list[str], env: dict[str, str]):
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()[-4000:]


def await_true(claim, what: str, seconds: float = 60, log=str) -> None:
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end, f"{what}\n{log()}"
        time.sleep(0.1)


def make_shape(folder: Path) -> Shape:
    """Secrets made by the operator's own script, with the addresses turned to this machine."""
    (folder / "files").mkdir(parents=True)
    made = subprocess.run([ROOT / "deploy" / "make-secrets.sh", folder / "secrets"], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    postgres_port = first_free(15000 + os.getpid() % 4000, lambda _line: None)
    shape = Shape(folder, postgres_port, first_free(postgres_port + 1, lambda _line: None))
    for path in shape.secrets.glob("*_url"):
        port = shape.redis_port if path.name == "redis_url" else postgres_port
        parts = urlsplit(path.read_text().strip())
        path.write_text(urlunsplit(parts._replace(netloc=f"{parts.netloc.rsplit('@', 1)[0]}@127.0.0.1:{port}")))
    return shape


@contextmanager
def postgres_15(shape: Shape):
    data = shape.folder / "postgres"
    data.mkdir(mode=0o700)
    unprivileged.hand_over(data)
    prefix = unprivileged.command_prefix(data)
    base = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    options = ["--username=postgres", "--pwfile=/dev/stdin", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync"]
    subprocess.run(
        [*prefix, POSTGRES / "initdb", f"--pgdata={data}", *options, "--locale=C.UTF-8"],
        input=shape.secret("postgres_password") + "\n",
        text=True,
        env=base,
        check=True,
        capture_output=True,
    )
    declared = COMPOSE["services"]["db"]["command"][1:]
    ours = ["-D", data, "-p", str(shape.postgres_port), "-c", "listen_addresses=127.0.0.1"]
    argv = [*prefix, POSTGRES / "postgres", *ours, "-c", "unix_socket_directories=", *declared]
    with shape.running("postgres", [str(part) for part in argv], base):
        await_true(lambda: accepts(shape), f"PostgreSQL 15 did not start\n{shape.log('postgres')}")
        client = {"PGHOST": "127.0.0.1", "PGPORT": str(shape.postgres_port), "POSTGRES_USER": "postgres"}
        client |= {"PGPASSWORD": shape.secret("postgres_password"), "SECRETS": str(shape.secrets)}
        shape.run([str(ROOT / "deploy/postgres/10-owner.sh")], {**base, **client})
        yield


def accepts(shape: Shape) -> bool:
    url = shape.secret("admin_database_url").rsplit("/", 1)[0] + "/postgres"
    try:
        psycopg2.connect(url).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def redis(shape: Shape):
    argv = [shape.here(part) for part in COMPOSE["services"]["redis"]["command"]]
    argv[-1] += f" --port {shape.redis_port} --bind 127.0.0.1 --dir {shape.folder}"
    with shape.running("redis", argv, {"PATH": os.environ["PATH"]}) as process:
        await_true(lambda: process.poll() is None and "Ready to accept" in shape.log("redis"), "Redis did not start")
        yield
