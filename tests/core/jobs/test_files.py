"""Files are sealed on disk, opened by their owner only, and dropped in time."""

from __future__ import annotations

import datetime as dt
import os

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import NotFound
from core.jobs import files
from core.jobs.models import StoredFile
from core.privacy.crypto import TamperedValue
from core.scoping import scope

pytestmark = pytest.mark.django_db
SECRET = "卓玛 540502199001011234".encode()


@pytest.fixture
def people(make_member):
    return make_member("worker", region="540502", name="own")[1], make_member("worker", region="540502", name="else")[1]


def keep(actor, content: bytes, **more) -> StoredFile:
    with scope(actor):
        return files.store_file(actor, name="名单.xlsx", content_type="text/csv", chunks=[content], **more)


@pytest.mark.parametrize("size", [0, 1, files.PIECE - 1, files.PIECE, files.PIECE + 1, 3 * files.PIECE])
def test_what_was_stored_comes_back_byte_for_byte(people, size):
    content = os.urandom(size)
    file = keep(people[0], content)
    assert (file.size, b"".join(files.read_file(file))) == (size, content)


def test_chunks_of_any_size_and_a_path_give_the_same_file(people, tmp_path):
    content = os.urandom(200_000)
    (tmp_path / "in").write_bytes(content)
    with scope(people[0]):
        by_chunks = files.store_file(
            people[0], name="a", content_type="", chunks=(content[i : i + 7001] for i in range(0, len(content), 7001))
        )
        by_path = files.store_file(people[0], name="b", content_type="", path=tmp_path / "in")
    assert by_chunks.sha256 == by_path.sha256
    assert b"".join(files.read_file(by_path)) == content


def test_nothing_on_disk_is_in_clear(people, settings):
    keep(people[0], SECRET * 5000)
    stored = [path for path in settings.DATA.rglob("*") if path.is_file()]
    assert len(stored) == 1
    assert SECRET not in stored[0].read_bytes()


def test_a_write_that_fails_leaves_no_draft(people, settings):
    def broken():
        yield SECRET
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"), scope(people[0]):
        files.store_file(people[0], name="a", content_type="", chunks=broken())
    assert [path for path in settings.DATA.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("harm", ["flip", "cut", "swap", "append"])
def test_a_file_that_was_tampered_with_does_not_open(people, harm):
    file = keep(people[0], os.urandom(3 * files.PIECE))
    place = files.place_of(file.pk)
    raw = bytearray(place.read_bytes())
    sealed = len(raw) - 3 * (files.PIECE + 4 + 33)
    piece = files.PIECE + 4 + 33
    if harm == "flip":
        raw[-1] ^= 1
    elif harm == "cut":
        del raw[-piece:]
    elif harm == "swap":
        head, one, two, three = raw[:sealed], raw[sealed : sealed + piece], raw[sealed + piece : -piece], raw[-piece:]
        raw = head + two + one + three
    else:
        raw += raw[-piece:]
    place.write_bytes(raw)
    with pytest.raises(TamperedValue):
        b"".join(files.read_file(file))


def test_a_file_opens_for_its_owner_and_the_download_is_noted(people):
    file = keep(people[0], SECRET)
    with scope(people[0]), audit.looking() as looks:
        assert b"".join(files.open_file(people[0], file.pk)) == SECRET
    assert looks == {("file", "download"): {file.pk}}


def test_somebody_else_finds_nothing(people):
    file = keep(people[0], SECRET)
    with scope(people[1]), pytest.raises(NotFound):
        files.open_file(people[1], file.pk)


def test_a_file_past_its_time_is_gone_for_its_owner_and_from_the_disk(people):
    file = keep(people[0], SECRET)
    kept = keep(people[0], SECRET, keep_days=None)
    with time_machine.travel(timezone.now() + dt.timedelta(days=files.KEEP_DAYS, minutes=1)):
        with scope(people[0]), pytest.raises(NotFound):
            files.open_file(people[0], file.pk)
        assert files.sweep_files() == 1
    assert not files.place_of(file.pk).exists()
    assert files.place_of(kept.pk).exists()
    assert StoredFile.objects.get(pk=file.pk).gone_at


def test_bytes_without_a_row_are_swept_after_a_day(people):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        file = keep(people[0], SECRET)
        raise ZeroDivisionError
    assert files.sweep_files() == 0
    os.utime(files.place_of(file.pk), (0, 0))
    assert files.sweep_files() == 1
