from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Files of this test alone."""
    settings.DATA = tmp_path / "files"


@pytest.fixture
def kind(monkeypatch):
    """Declare a kind of job for one test: kind(run, permission=…) → its name."""
    from core.jobs import kinds
    from core.registries import Registry

    monkeypatch.setattr(kinds.kinds, "_items", dict(kinds.kinds._items))

    def declare(run, permission="home", **more) -> str:
        kinds.register_job("test.kind", run, permission=permission, **more)
        return "test.kind"

    assert isinstance(kinds.kinds, Registry)
    return declare


@pytest.fixture
def silent_bell(monkeypatch):
    """What would have been rung, instead of ringing Redis."""
    from core.jobs import outbox

    rung: list[int] = []
    monkeypatch.setattr(outbox, "ring", rung.append)
    return rung
