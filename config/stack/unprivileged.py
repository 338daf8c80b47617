"""PostgreSQL refuses to run as root: the ways to run it in a checkout of root's without opening root's folders.

The wheel's own way adds a system user and opens every parent folder to everybody; that outlives the stack.
"""

import os
import pwd
import shutil
import subprocess
from functools import cache
from pathlib import Path

from config.stack.environment import StackError

NOBODY = "nobody"


def is_root() -> bool:
    return os.geteuid() == 0


def command_prefix(data: Path) -> list[str]:
    """What to write before a PostgreSQL command that works on `data`; empty for an ordinary user."""
    if not is_root():
        return []
    return _own_namespace() if _data_belongs_to_root(data) else _lowered_rights()


def hand_over(folder: Path) -> None:
    """Make `folder` writable for the user PostgreSQL will run as."""
    if is_root() and not namespaces_work():
        account = pwd.getpwnam(NOBODY)
        os.chown(folder, account.pw_uid, account.pw_gid)


def _data_belongs_to_root(data: Path) -> bool:
    # Whichever way made the data has to go on: the owner of the files tells.
    return data.stat().st_uid == 0 if data.exists() else namespaces_work()


@cache
def namespaces_work() -> bool:
    """Whether this kernel or container lets us make a user namespace."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*_own_namespace(), "true"], capture_output=True).returncode == 0


def _own_namespace() -> list[str]:
    """Root's files, seen by a process that is called `nobody` in a namespace of its own: nothing is chowned."""
    account = pwd.getpwnam(NOBODY)
    return ["unshare", "--user", f"--map-user={account.pw_uid}", f"--map-group={account.pw_gid}"]


def _lowered_rights() -> list[str]:
    """`nobody`, with the one right to pass through root's folders."""
    if not shutil.which("setpriv"):
        raise StackError("PostgreSQL does not run as root, and neither unshare nor setpriv is here: use another user")
    account = pwd.getpwnam(NOBODY)
    right = "+dac_read_search" if _may_grant_read() else "+dac_override"
    return [
        "setpriv",
        "--securebits=+no_setuid_fixup",  # access(2) would otherwise forget the right
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
        f"--inh-caps={right}",
        f"--ambient-caps={right}",
    ]


@cache
def _may_grant_read() -> bool:
    """Containers usually keep CAP_DAC_READ_SEARCH (bit 2) back."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapBnd:"):
            return bool(int(line.split()[1], 16) & (1 << 2))
    return False
