"""The two servers as `make run` starts them: what was acknowledged is there after kill -9."""

import json
import os
import signal
import socket
import time

import pytest

from config.stack import postgres, redis
from config.stack.environment import DATABASE, OWNER, Places, StackError, database_passwords
from config.stack.lock import only_one
from config.stack.ports import first_free
from config.stack.processes import Supervisor

pytestmark = pytest.mark.stack


@pytest.fixture
def place(tmp_path):
    made = Places(tmp_path / "a long way down" / ("x" * 100) / "var")
    made.make()
    return made


@pytest.fixture
def supervisor(place):
    made = Supervisor(place, say=lambda _line: None)
    yield made
    made.stop()


def kill_and_await(supervisor, name):
    old = supervisor.running[name].process.pid
    os.kill(old, signal.SIGKILL)
    end = time.monotonic() + 30
    while supervisor.running[name].process.pid == old:
        supervisor._attend(supervisor.running[name])
        assert time.monotonic() < end
        time.sleep(0.02)
    supervisor.await_ready(name)


def test_postgres_keeps_every_acknowledged_row_through_kills_and_stale_locks(place, supervisor):
    supervisor.start(postgres.service(place))
    postgres.make_owner_and_database(place)
    with postgres.connected(place, user=OWNER, database=DATABASE) as cursor:
        cursor.execute("CREATE TABLE posting (id int)")
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)

    for number in range(3):
        with postgres.connected(place, user=OWNER, database=DATABASE) as cursor:
            cursor.execute("INSERT INTO posting VALUES (%s)", [number])
        kill_and_await(supervisor, "postgres")

    with postgres.connected(place, user=OWNER, database=DATABASE) as cursor:
        cursor.execute("SELECT count(*) FROM posting")
        assert cursor.fetchone() == (3,)


def test_a_lock_file_whose_number_another_program_has_now_does_not_keep_postgres_down(place, supervisor):
    supervisor.start(postgres.service(place))
    supervisor.stop()
    (place.postgres / "postmaster.pid").write_text(f"{os.getpid()}\n{place.postgres}\n")

    supervisor.start(postgres.service(place))


def test_the_database_orders_by_code_point_and_asks_for_passwords(place, supervisor):
    supervisor.start(postgres.service(place))
    with postgres.connected(place) as cursor:
        cursor.execute("SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['b','B','张','a','安']) x")
        assert cursor.fetchone() == ("Bab安张",)
    passwords = {**database_passwords(place.secrets), "postgres": "wrong"}
    (place.secrets / "database.json").write_text(json.dumps(passwords))
    assert not postgres._accepts(place)


def test_the_queue_is_there_after_a_kill(place, supervisor):
    supervisor.start(redis.service(place))
    assert ask(place, b"SET message kept\r\n") == b"+OK\r\n"

    kill_and_await(supervisor, "redis")

    assert b"kept" in ask(place, b"GET message\r\n")


def test_a_taken_port_is_named_and_the_next_one_used():
    said = []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        found = first_free(port, said.append)

    assert found > port
    assert said == [f"port {port} is taken, using {found}"]


def test_a_second_stack_in_the_same_folder_is_refused(place):
    with only_one(place), pytest.raises(StackError, match="already running"), only_one(place):
        pass


def ask(place, command):
    with socket.socket(socket.AF_UNIX) as talk:
        talk.connect(str(place.sockets / "valkey.sock"))
        talk.sendall(command)
        return talk.recv(200)
