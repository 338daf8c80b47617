"""The nets against orphans, with real processes that are small stand-ins for the product's."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from config.stack.environment import ROOT, Places, StackError
from config.stack.processes import Service, Supervisor, end_leftovers, note_process, noted_process

pytestmark = pytest.mark.stack

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
# A parent with a child of its own, as a web server has workers.
FAMILY = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "time.sleep(600)",
]


@pytest.fixture
def place(tmp_path):
    made = Places(tmp_path / "var")
    made.make()
    return made


@pytest.fixture
def supervisor(place):
    made = Supervisor(place, say=lambda _line: None)
    yield made
    made.stop()


def eventually(claim, seconds=10):
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end, "did not come true in time"
        time.sleep(0.02)


def attend(supervisor):
    for current in list(supervisor.running.values()):
        supervisor._attend(current)


def is_gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_killed_service_is_started_again_and_its_children_are_ended(supervisor):
    supervisor.start(Service("web", FAMILY, dict(os.environ)))
    first = supervisor.running["web"].process.pid
    eventually(lambda: psutil.Process(first).children())
    child = psutil.Process(first).children()[0].pid

    os.kill(first, signal.SIGKILL)

    def is_back():
        attend(supervisor)
        return supervisor.running["web"].process.pid != first

    eventually(is_back)
    assert is_gone(child)


def test_being_killed_often_is_no_reason_to_give_up(supervisor):
    supervisor.start(Service("worker", SLEEPER, dict(os.environ)))
    for _ in range(8):
        pid = supervisor.running["worker"].process.pid
        os.kill(pid, signal.SIGKILL)

        def is_back(old=pid):
            attend(supervisor)
            return supervisor.running["worker"].process.pid != old

        eventually(is_back)


def test_a_service_that_keeps_failing_stops_the_stack_and_shows_its_log(supervisor):
    supervisor.launch(Service("beat", [sys.executable, "-c", "print('no such schedule'); raise SystemExit(3)"], {}))

    def gives_up():
        attend(supervisor)
        return False

    with pytest.raises(StackError, match="no such schedule"):
        eventually(gives_up, seconds=30)


def test_a_failing_step_raises_and_stop_leaves_nobody(supervisor):
    supervisor.start(Service("web", FAMILY, dict(os.environ)))
    pid = supervisor.running["web"].process.pid

    with pytest.raises(StackError, match="failed"):
        supervisor.run([sys.executable, "-c", "raise SystemExit(1)"], dict(os.environ))
    supervisor.stop()

    assert is_gone(pid)
    assert {child.pid for child in psutil.Process().children()} <= supervisor.strangers


def test_all_services_share_one_process_group_that_is_not_the_terminals(supervisor):
    for name in ("web", "worker"):
        supervisor.start(Service(name, SLEEPER, dict(os.environ)))

    groups = {os.getpgid(current.process.pid) for current in supervisor.running.values()}

    assert len(groups) == 1
    assert groups != {os.getpgid(0)}


def test_children_die_with_a_supervisor_that_is_killed(place):
    script = (
        "import os, sys, time; from pathlib import Path\n"
        "from config.stack.environment import Places\n"
        "from config.stack.processes import Service, Supervisor\n"
        f"one = Supervisor(Places(Path({str(place.var)!r})), say=print)\n"
        f"one.start(Service('web', {SLEEPER!r}, dict(os.environ)))\n"
        "print(one.running['web'].process.pid, flush=True); time.sleep(600)\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    with killed.stdout as told:
        child = int(told.readline())

    killed.kill()
    killed.wait()

    eventually(lambda: is_gone(child))


def test_the_next_start_ends_what_a_killed_one_left(place):
    orphan = subprocess.Popen(SLEEPER)
    note_process(place.pids, "web", orphan.pid, signal.SIGTERM)

    end_leftovers(place.pids)

    assert is_gone(orphan.pid)
    orphan.wait()
    assert not list(place.pids.glob("*.json"))


def test_a_number_that_belongs_to_another_program_now_is_left_alone(place):
    stranger = subprocess.Popen(SLEEPER)
    note_process(place.pids, "web", stranger.pid, signal.SIGTERM)
    note = place.pids / "web.json"
    told = json.loads(note.read_text())
    note.write_text(json.dumps({**told, "started": told["started"] - 3600}))

    assert noted_process(note) is None
    end_leftovers(place.pids)

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
