import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2
import pytest

from config.stack.commands import beat, web, worker
from config.stack.environment import ROOT, Places
from config.stack.ports import first_free
from tests.stack import debian_servers
from tests.stack.debian_servers import COMPOSE, await_true

# One worker for all of them: the servers are started once.
pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("production-shape")]


def test_the_compose_file_is_valid():
    checker = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_services_scale_stay_up_and_tell_their_health():
    for name, service in COMPOSE["services"].items():
        assert "container_name" not in service
        if name != "prepare":
            assert service["restart"] == "unless-stopped"
            assert service["healthcheck"]["test"]


def test_no_secret_stands_in_the_compose_file_and_every_role_gets_its_own_only():
    for name, service in COMPOSE["services"].items():
        for variable in service.get("environment", {}):
            assert "PASSWORD" not in variable or variable.endswith("_FILE")
        urls = {secret for secret in service.get("secrets", []) if secret.endswith("database_url")}
        allowed = {"web": {"web_database_url"}, "worker": {"job_database_url"}, "beat": {"job_database_url"}}
        assert urls <= allowed.get(name, urls)


def test_production_and_the_local_stack_start_the_same_programs(tmp_path):
    local = {
        "web": web({}, 8000).argv,
        "worker": worker({}).argv,
        "beat": beat({}, Places(tmp_path)).argv,
    }
    places = {"127.0.0.1": "HOST", "0.0.0.0": "HOST", str(tmp_path): "PLACE", "/tmp": "PLACE"}
    for name, argv in local.items():
        ours = [Path(argv[0]).name, *argv[1:]]
        assert [named(part, places) for part in ours] == [
            named(part, places) for part in COMPOSE["services"][name]["command"]
        ]


def named(part, places):
    for place, name in places.items():
        part = part.replace(place, name)
    return part


@pytest.fixture(scope="module")
def shape(tmp_path_factory):
    if reason := debian_servers.missing():
        pytest.skip(reason)
    made = debian_servers.make_shape(tmp_path_factory.mktemp("production"))
    with debian_servers.postgres_15(made), debian_servers.redis(made):
        made.run(made.command("prepare"), made.environment("prepare"))
        yield made


def test_preparing_again_changes_nothing(shape):
    shape.run(shape.command("prepare"), shape.environment("prepare"))


@pytest.mark.parametrize("login", ["qianshou_web", "qianshou_job", "qianshou_owner"])
def test_no_login_of_the_product_stands_above_the_scope(shape, login):
    with psycopg2.connect(shape.secret("admin_database_url")) as session, session.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [login])
        assert cursor.fetchone() == (False, False)
    session.close()


def test_web_answers_behind_tls_and_sends_others_to_it(shape):
    environment = shape.environment("web")
    static = {**environment, "WEB_DATABASE_URL": "postgres://nobody@localhost/none"}
    shape.run([sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"], static)
    port = first_free(18000, lambda _line: None)
    argv = [
        "127.0.0.1" if part == "0.0.0.0" else str(port) if part == "8000" else part for part in shape.command("web")
    ]
    check = [sys.executable, str(ROOT / "deploy" / "healthcheck.py"), str(port)]

    with shape.running("web", argv, environment):
        await_true(
            lambda: subprocess.run(check, capture_output=True).returncode == 0,
            "web is not healthy",
            log=lambda: shape.log("web"),
        )
        inside = open_page(port, {"X-Forwarded-Proto": "https"})
        outside = open_page(port, {})

    assert inside.status == 200
    assert "牵手" in inside.read().decode()
    assert inside.headers["Strict-Transport-Security"]
    assert outside.status == 301
    assert outside.headers["Location"].startswith("https://")


def open_page(port, headers):
    """The sign-in page, followed there by hand: a redirect to https would leave the test's server."""
    path = "/"
    for _ in range(4):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
        try:
            return urllib.request.build_opener(Stay).open(request, timeout=10)
        except urllib.error.HTTPError as answer:
            if not (answer.headers.get("Location") or "").startswith("/"):
                return answer
            path = answer.headers["Location"]
    raise AssertionError("redirects without end")


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


def test_worker_and_beat_run_with_the_job_login(shape):
    environment = shape.environment("worker")
    with (
        shape.running("worker", shape.command("worker"), environment) as working,
        shape.running("beat", shape.command("beat"), shape.environment("beat")) as beating,
    ):
        await_true(lambda: " ready." in shape.log("worker"), "the worker is not ready")
        await_true(lambda: "Sending due task" in shape.log("beat"), "beat sends nothing", seconds=45)
        await_true(lambda: "succeeded in" in shape.log("worker"), "the worker did nothing")
        assert working.poll() is None
        assert beating.poll() is None


def test_a_backup_is_whole_and_restores_to_the_same_counts(shape, tmp_path):
    backups, files = tmp_path / "backups", shape.folder / "files"
    (files / "letter.bin").write_bytes(b"stored file")
    backup = {
        "PATH": shape.environment("web")["PATH"],
        "DATABASE_URL_FILE": str(shape.secrets / "backup_database_url"),
        "BACKUP_FOLDER": str(backups),
        "FILES_FOLDER": str(files),
    }
    shape.run([str(ROOT / "deploy" / "backup.sh")], backup)
    dump = next(backups.glob("*.dump"))
    counts = dict(line.split("|") for line in dump.with_suffix(".counts").read_text().splitlines())
    assert int(counts["public.django_migrations"]) > 10

    admin = shape.secret("admin_database_url")
    run_sql(admin, "CREATE DATABASE restored OWNER qianshou_owner")
    restore = {
        "PATH": backup["PATH"],
        "ADMIN_DATABASE_URL": admin.rsplit("/", 1)[0] + "/restored",
        "FILES_FOLDER": str(tmp_path / "restored-files"),
    }
    told = shape.run([str(ROOT / "deploy" / "restore.sh"), str(dump)], restore)

    assert "counts equal" in told
    assert (tmp_path / "restored-files" / "letter.bin").read_bytes() == b"stored file"
    again = subprocess.run([ROOT / "deploy" / "restore.sh", dump], env=restore, capture_output=True, text=True)
    assert again.returncode == 1
    assert "restore into an empty one" in again.stderr


def test_a_backup_by_a_login_that_does_not_see_every_row_is_refused(shape, tmp_path):
    for secret in ("web_database_url", "database_url"):
        env = {
            "PATH": shape.environment("web")["PATH"],
            "DATABASE_URL_FILE": str(shape.secrets / secret),
            "BACKUP_FOLDER": str(tmp_path),
        }
        done = subprocess.run([ROOT / "deploy" / "backup.sh"], env=env, capture_output=True, text=True)
        assert done.returncode == 1
        assert "does not see all rows" in done.stderr
    assert not list(tmp_path.iterdir())


def run_sql(url, statement):
    session = psycopg2.connect(url)
    session.autocommit = True
    with session.cursor() as cursor:
        cursor.execute(statement)
    session.close()
