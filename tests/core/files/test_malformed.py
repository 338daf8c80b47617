"""The corpus: each file is made here, and each is refused with its own code (assurance, "malformed files")."""

import io
import struct
import zipfile
from dataclasses import replace

import pytest
import xlsxwriter

from core.files.intake import UnreadableFile, read_table
from core.files.limits import DEFAULT_LIMITS, Limits

SHEET = "xl/worksheets/sheet1.xml"
LIMITS = Limits(
    file_bytes=4 << 20, unpacked_bytes=30 << 20, ratio_from_bytes=5 << 20, rows=1000, columns=50, cells=20000,
    cell_characters=500, entries=100, cpu_seconds=10, wait_seconds=20,
)  # fmt: skip


def parts_of_a_workbook(rows=(("姓名", "证件号码"), ("张三", "1"))):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def good():
    return packed(parts_of_a_workbook())


def changed(name, old, new):
    parts = parts_of_a_workbook()
    assert old in parts[name]
    parts[name] = parts[name].replace(old, new)
    return packed(parts)


def with_part(name, content):
    return packed({**parts_of_a_workbook(), name: content})


def without(name):
    parts = parts_of_a_workbook()
    del parts[name]
    return packed(parts)


def bomb():
    return with_part("xl/media/image1.bin", b"\0" * (25 << 20))


def big_bomb():
    return with_part("xl/media/image1.bin", b"\0" * (40 << 20))


def declared(size):
    """A part whose directory entry lies about what it inflates to."""
    data = bytearray(with_part("xl/lie.bin", b"\0" * (2 << 20)))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/lie.bin"))
    data[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(data)


def overlapping():
    """Two directory entries that share one body, as in better zip bombs."""
    data = bytearray(packed({**parts_of_a_workbook(), "xl/aaaa.bin": b"x" * 50000, "xl/bbbb.bin": b"x" * 50000}))
    first = data.find(b"PK\x03\x04", data.find(b"xl/aaaa.bin") - 40)
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/bbbb.bin"))
    data[at + 42 : at + 46] = struct.pack("<I", first)
    return bytes(data)


def duplicated():
    out = io.BytesIO(good())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning):
        archive.writestr(SHEET, b"<worksheet/>")
    return out.getvalue()


def many_entries():
    return packed({**parts_of_a_workbook(), **{f"xl/{n}.bin": b"" for n in range(200)}})


def encrypted_entry():
    data = bytearray(good())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def unknown_method():
    data = bytearray(good())
    at = data.find(b"PK\x01\x02")
    data[at + 10 : at + 12] = struct.pack("<H", 99)
    return bytes(data)


def broken_body():
    data = bytearray(good())
    at = data.find(SHEET.encode()) + len(SHEET) + 20
    data[at : at + 40] = b"\xff" * 40
    return bytes(data)


def directory_past_the_end():
    data = bytearray(good())
    at = data.rfind(b"PK\x05\x06")
    data[at + 16 : at + 20] = struct.pack("<I", len(data) * 2)
    return bytes(data)


def far_cell():
    return changed(SHEET, b'<c r="B2"', b'<c r="XFD1048576"')


def entity_bomb():
    return changed(SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet')


def external_entity():
    name = "xl/sharedStrings.xml"
    return changed(name, b"<sst", b'<!DOCTYPE sst [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst')


CORPUS = {
    "empty": (b"", "files.empty"),
    "old xls or encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "files.old_or_encrypted"),
    "pdf": (b"%PDF-1.7\n", "files.pdf"),
    "rar": (b"Rar!\x1a\x07\x01\0", "files.archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "files.archive"),
    "gzip": (b"\x1f\x8b\x08\0", "files.archive"),
    "png": (b"\x89PNG\r\n\x1a\n", "files.image"),
    "jpeg": (b"\xff\xd8\xff\xe0", "files.image"),
    "windows program": (b"MZ\x90\0", "files.program"),
    "linux program": (b"\x7fELF\x02", "files.program"),
    "html named xls": (b"<html><table><tr><td>x", "files.markup"),
    "xml spreadsheet 2003": (b'<?xml version="1.0"?><Workbook/>', "files.markup"),
    "nul bytes": (b"a,b\n\0\0,c\n", "files.binary"),
    "random bytes": (bytes(range(128, 256)) * 4, "files.encoding"),
    "cut gb18030 character": ("姓名,张".encode("gb18030")[:-1], "files.encoding"),
    "bom, then not utf-8": (b"\xef\xbb\xbf" + "姓名".encode("gbk"), "files.encoding"),
    "utf-16 cut in half": ("姓名\t张".encode("utf-16")[:-1], "files.encoding"),
    "utf-8 with one gbk line": ("姓名\n".encode() + "张三丰甲\n".encode("gbk") + b"\xff\n", "files.encoding"),
    "open quote": ('姓名,住址\n"张三,雨花\n'.encode(), "files.csv_quotes"),
    "text after a quote": ('姓名\n"张"三\n'.encode(), "files.csv_quotes"),
    "endless csv cell": (b"a," + b"x" * 600 + b"\n", "files.long_cell"),
    "csv field past python's limit": (b'"' + b"x" * 200_000 + b'"\n', "files.csv_quotes"),
    "csv too wide": (b",".join([b"x"] * 60) + b"\n", "files.too_many_columns"),
    "csv too long": (b"x\n" * 1001, "files.too_many_rows"),
    "csv too many cells": ((b",".join([b"x"] * 45) + b"\n") * 500, "files.too_many_cells"),
    "too large": (b"x" * ((4 << 20) + 1), "files.too_large"),
    "zip, not a workbook": (packed({"a.txt": b"x"}), "files.not_a_workbook"),
    "word document": (packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "files.not_a_workbook"),
    "macros": (with_part("xl/vbaProject.bin", b"x"), "files.macros"),
    "macro sheet": (with_part("xl/macrosheets/sheet1.xml", b"<x/>"), "files.macros"),
    "bomb by ratio": (bomb(), "files.bomb"),
    "bomb by size": (big_bomb(), "files.bomb"),
    "declared smaller than it is": (declared(10), "files.damaged"),
    "declared larger than it is": (declared(3 << 20), "files.damaged"),
    "declared four gigabytes": (declared(0xFFFFFFF0), "files.bomb"),
    "overlapping entries": (overlapping(), "files.bomb"),
    "same name twice": (duplicated, "files.damaged"),
    "too many entries": (many_entries(), "files.too_many_entries"),
    "path out of the archive": (with_part("../../etc/passwd", b"x"), "files.damaged"),
    "absolute path": (with_part("/etc/passwd", b"x"), "files.damaged"),
    "encrypted entry": (encrypted_entry(), "files.encrypted"),
    "unknown compression": (unknown_method(), "files.damaged"),
    "broken body": (broken_body(), "files.damaged"),
    "cut in half": (good()[: len(good()) // 2], "files.damaged"),
    "only a signature": (b"PK\x03\x04", "files.damaged"),
    "directory past the end": (directory_past_the_end(), "files.damaged"),
    "no content types": (without("[Content_Types].xml"), "files.not_a_workbook"),
    "no sheet part": (without(SHEET), "files.damaged"),
    "no relations": (without("xl/_rels/workbook.xml.rels"), "files.damaged"),
    "sheet is not xml": (with_part(SHEET, b"<worksheet><sheetData><row r="), "files.damaged"),
    "entity bomb": (entity_bomb(), "files.damaged"),
    "external entity": (external_entity(), "files.damaged"),
    "hidden sheets only": (changed("xl/workbook.xml", b"<sheet ", b'<sheet state="hidden" '), "files.no_sheet"),
    "one cell at the far end": (far_cell(), None),
    "cell without a place": (changed(SHEET, b'<c r="B2"', b'<c r="2B2B"'), None),
    "shared string that isn't there": (changed(SHEET, b"<v>2</v>", b"<v>99999999</v>"), None),
    "too many columns": (packed(parts_of_a_workbook([["x"] * 60])), "files.too_many_columns"),
    "too many rows": (packed(parts_of_a_workbook([["x"]] * 1001)), "files.too_many_rows"),
    "too many cells": (packed(parts_of_a_workbook([["x"] * 45] * 500)), "files.too_many_cells"),
    "endless cell": (packed(parts_of_a_workbook([["x" * 600]])), "files.long_cell"),
}


def outcome(tmp_path, content, limits=LIMITS):
    path = tmp_path / "upload"
    path.write_bytes(content)
    try:
        return len(list(read_table(path, limits=limits)))
    except UnreadableFile as refusal:
        assert refusal.message
        assert refusal.fields["file"]
        return refusal.code


@pytest.mark.parametrize("kind", CORPUS)
def test_each_malformed_file_is_refused_with_its_code(tmp_path, kind):
    content, code = CORPUS[kind]
    found = outcome(tmp_path, content() if callable(content) else content)
    if code is None:
        assert isinstance(found, str), f"{kind}: read {found} rows"
    else:
        assert found == code


def test_the_same_makers_make_a_good_file_too(tmp_path):
    assert outcome(tmp_path, good()) == 2
    assert outcome(tmp_path, packed(parts_of_a_workbook(), zipfile.ZIP_STORED)) == 2


def test_a_directory_of_a_million_entries_is_refused_before_it_is_read(tmp_path):
    data = bytearray(good())
    at = data.rfind(b"PK\x05\x06")
    data[at + 8 : at + 12] = struct.pack("<HH", 0xFFFF, 0xFFFF)
    assert outcome(tmp_path, bytes(data)) == "files.too_many_entries"


def test_canary_without_the_ratio_guard_the_bomb_would_be_opened(tmp_path):
    assert outcome(tmp_path, bomb(), replace(LIMITS, ratio=1_000_000)) == 2


@pytest.mark.parametrize("seed", range(30))
def test_flipped_bytes_never_do_worse_than_a_refusal(tmp_path, seed):
    data = bytearray(good())
    for step in range(1 + seed % 5):
        data[(seed * 7919 + step * 104729) % len(data)] ^= 1 << (seed + step) % 8
    assert outcome(tmp_path, bytes(data), replace(DEFAULT_LIMITS, wait_seconds=20)) is not None
