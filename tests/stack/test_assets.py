"""The web asset build and its lock."""

import json
import re

import pytest

from config.stack.environment import ROOT
from config.stack.stamps import fingerprint, is_current, put


def test_the_lock_pins_every_package_by_hash_and_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: facts for name, facts in lock["packages"].items() if name}

    assert packages
    for facts in packages.values():
        assert facts["integrity"].startswith("sha512-")
        assert "resolved" not in facts


def test_the_manifest_names_exact_versions():
    manifest = json.loads((ROOT / "package.json").read_text())
    for version in (manifest["dependencies"] | manifest["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_every_icon_that_a_template_uses_is_in_the_list():
    listed = {
        name
        for line in (ROOT / "assets" / "icons.txt").read_text().splitlines()
        if not line.startswith("#")
        for name in line.split()
    }
    used = {
        (name, path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"icons\.svg['\" %}]*#([a-z0-9-]+)|{% icon ['\"]([a-z0-9-]+)", path.read_text())
        for name in name
        if name
    }
    assert not {(name, str(path)) for name, path in used if name not in listed}


def test_built_files_carry_no_source_map_comments():
    vendor = ROOT / "static" / "vendor"
    if not vendor.is_dir():
        pytest.skip("static/vendor is not built; `make test` builds it")
    files = [path for path in vendor.rglob("*") if path.suffix in (".js", ".css")]
    assert files
    assert not [path.name for path in files if "sourceMappingURL" in path.read_text()]


def test_a_stamp_is_current_until_a_source_changes(tmp_path):
    stamp = tmp_path / "stamp"
    source = ROOT / "package.json"
    put(stamp, fingerprint([source]))

    assert is_current(stamp, fingerprint([source]))
    assert not is_current(stamp, fingerprint([source], "other"))
    assert not is_current(stamp, fingerprint([source, ROOT / "Makefile"]))
