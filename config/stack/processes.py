"""Starting, watching and stopping the processes of a stack, so that none outlives it.

Three nets, each for what the one before can't catch: `stop()` in a finally; a death signal that the kernel sends to
each child when the supervisor is killed; files with number and start time that the next start looks through.
"""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config.stack.environment import ROOT, Places, StackError

PR_SET_CHILD_SUBREAPER = 36
LOG_LIMIT = 10 * 1024 * 1024
FAILURES_IN_A_ROW = 5
SETTLED_AFTER = 15.0
GRACE = 10.0


@dataclass(frozen=True)
class Service:
    """A process that is to run as long as the stack runs."""

    name: str
    argv: list[str]
    env: Mapping[str, str]
    is_ready: Callable[[], bool] = lambda: True
    stop_signal: signal.Signals = signal.SIGTERM
    is_store: bool = False
    "Stores start first and stop last."


@dataclass
class Running:
    service: Service
    process: subprocess.Popen
    since: float = field(default_factory=time.monotonic)
    failures: int = 0
    restart_at: float | None = None


def adopt_orphans() -> None:
    """Grandchildren whose parent is killed come to us instead of init, so that we can end them."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def dying_with_parent(argv: list[str], stop_signal: signal.Signals) -> list[str]:
    """The command, so wrapped that the kernel stops it when the supervisor is gone.

    Outermost comes what changes identity: changing it clears the death signal.
    """
    if not shutil.which("setpriv"):
        return argv
    death = f"--pdeathsig={stop_signal.name.removeprefix('SIG')}"
    if argv[0] == "setpriv":
        return ["setpriv", death, *argv[1:]]
    if argv[0] == "unshare":
        options = next(i for i, part in enumerate(argv) if i and not part.startswith("--"))
        return [*argv[:options], "setpriv", death, *argv[options:]]
    return ["setpriv", death, *argv]


class Supervisor:
    """The services of one stack in one process group, restarted when they fall."""

    def __init__(self, place: Places, say: Callable[[str], None] = print) -> None:
        self.place = place
        self.say = say
        self.running: dict[str, Running] = {}
        self.group = 0
        adopt_orphans()
        # Children this process had before belong to somebody else: a test run has a browser and servers of its own.
        self.strangers = {child.pid for child in psutil.Process().children()}
        end_leftovers(place.pids, say)

    def start(self, service: Service, seconds: float = 60) -> None:
        """Start and wait until it answers; raise StackError with the end of its log when it doesn't."""
        self.launch(service)
        self.await_ready(service.name, seconds)

    def launch(self, service: Service) -> None:
        self.running[service.name] = Running(service, self._spawn_service(service))

    def await_ready(self, name: str, seconds: float = 60) -> None:
        current = self.running[name]
        end = time.monotonic() + seconds
        while not current.service.is_ready():
            if current.process.poll() is not None:
                raise StackError(f"{name} stopped while starting:\n{self._log_end(name)}")
            if time.monotonic() > end:
                raise StackError(f"{name} does not answer after {seconds:.0f} s:\n{self._log_end(name)}")
            time.sleep(0.05)

    def spawn(self, argv: list[str], env: Mapping[str, str], **streams) -> subprocess.Popen:
        """A process in the stack's group, that dies with it."""
        options = {"cwd": ROOT, "env": dict(env), "stdin": subprocess.DEVNULL, **streams}
        try:
            process = subprocess.Popen(argv, process_group=self.group, **options)
        except PermissionError:  # the group's last member is gone: begin a new one
            self.group = 0
            process = subprocess.Popen(argv, process_group=0, **options)
        self.group = self.group or process.pid
        return process

    def run(self, argv: list[str], env: Mapping[str, str]) -> None:
        """Run one step to its end; raise StackError when it fails. An interrupt ends the step too."""
        process = self.spawn(dying_with_parent(argv, signal.SIGTERM), env)
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if code:
            raise StackError(f"{' '.join(argv[1:])} failed (exit {code})")

    def watch(self) -> None:
        """Keep the services running until interrupted; raise StackError when one can't be kept."""
        while True:
            for current in list(self.running.values()):
                self._attend(current)
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop everything, the stores last; what doesn't listen is killed."""
        services = list(self.running.values())
        for are_stores in (False, True):
            self._end([one for one in services if one.service.is_store is are_stores])
        self._end_strays()
        self.running.clear()

    def _spawn_service(self, service: Service) -> subprocess.Popen:
        log = self.place.logs / f"{service.name}.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        argv = dying_with_parent(service.argv, service.stop_signal)
        with log.open("ab") as out:
            process = self.spawn(argv, service.env, stdout=out, stderr=subprocess.STDOUT)
        note_process(self.place.pids, service.name, process.pid, service.stop_signal)
        return process

    def _attend(self, current: Running) -> None:
        if current.restart_at is not None:
            if time.monotonic() >= current.restart_at:
                current.process = self._spawn_service(current.service)
                current.since, current.restart_at = time.monotonic(), None
            return
        code = current.process.poll()
        if code is None:
            return
        name = current.service.name
        # Killed from outside is no fault of its own: only its own exits count towards giving up.
        settled = code < 0 or time.monotonic() - current.since > SETTLED_AFTER
        current.failures = 0 if settled else current.failures + 1
        if current.failures >= FAILURES_IN_A_ROW:
            raise StackError(f"{name} keeps stopping (exit {code}):\n{self._log_end(name)}")
        self.say(f"{name} stopped ({_cause(code)}), starting it again")
        self._end_strays()
        current.restart_at = time.monotonic() + 0.2 * 2**current.failures

    def _end(self, group: list[Running]) -> None:
        for current in group:
            if current.process.poll() is None:
                current.process.send_signal(current.service.stop_signal)
        end = time.monotonic() + GRACE
        for current in group:
            try:
                current.process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{current.service.name} does not stop, killing it")
                current.process.kill()
                current.process.wait()
            (self.place.pids / f"{current.service.name}.json").unlink(missing_ok=True)

    def _end_strays(self) -> None:
        """Kill what a dead service left behind: its own children, which are ours since it died."""
        known = self.strangers | {current.process.pid for current in self.running.values()}
        for _ in range(20):  # killing one may bring its children to us
            strays = [child for child in psutil.Process().children() if child.pid not in known]
            if not strays:
                return
            for stray in strays:
                with contextlib.suppress(psutil.NoSuchProcess, ChildProcessError):
                    stray.kill()
                    os.waitpid(stray.pid, 0)

    def _log_end(self, name: str) -> str:
        log = self.place.logs / f"{name}.log"
        lines = log.read_text(errors="replace").splitlines()[-25:] if log.exists() else []
        return "\n".join([*lines, f"(all of it: {log})"])


def _cause(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name


def note_process(folder: Path, name: str, pid: int, stop_signal: signal.Signals) -> None:
    """Write down number and start time: the number alone may belong to another program by then."""
    started = psutil.Process(pid).create_time()
    note = json.dumps({"pid": pid, "started": started, "signal": stop_signal.name})
    draft = folder / f".{name}.json"
    draft.write_text(note)
    draft.replace(folder / f"{name}.json")


def noted_process(note: Path) -> psutil.Process | None:
    """The process of such a note, when it is still that one."""
    try:
        told = json.loads(note.read_text())
        process = psutil.Process(told["pid"])
        # Clock corrections move the computed start time by fractions of a second.
        return process if abs(process.create_time() - told["started"]) < 2 else None
    except (FileNotFoundError, ValueError, KeyError, psutil.NoSuchProcess):
        return None


def end_leftovers(folder: Path, say: Callable[[str], None] | None = None) -> None:
    """Stop the processes noted in `folder`: first politely, then by force."""
    for note in sorted(folder.glob("*.json")):
        if process := noted_process(note):
            family = [process, *process.children(recursive=True)]
            if say:
                say(f"stopping {note.stem} (process {process.pid}) of an earlier run")
            process.send_signal(signal.Signals[json.loads(note.read_text())["signal"]])
            _, alive = psutil.wait_procs(family, timeout=GRACE)
            for member in alive:
                with contextlib.suppress(psutil.NoSuchProcess):
                    member.kill()
            psutil.wait_procs(alive, timeout=GRACE)
        note.unlink(missing_ok=True)
