import codecs
import gc
import os
import resource
import subprocess
import time
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from core.files import child
from core.files.intake import Row, UnreadableFile, number_problem, read_table, sniff
from core.files.limits import DEFAULT_LIMITS, Limits

SMALL = Limits(rows=50, columns=10, cells=300, cell_characters=100)


def workbook(path, rows, **options):
    book = xlsxwriter.Workbook(str(path), options)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.close()
    return path


def rewritten(path, name, change):
    """The workbook with one part changed by hand, as an attacker or a careless program would."""
    with zipfile.ZipFile(path) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in parts.items():
            archive.writestr(entry, content)
    return path


def refused(path, limits=DEFAULT_LIMITS):
    with pytest.raises(UnreadableFile) as refusal:
        list(read_table(path, limits=limits))
    return refusal.value.code


def test_cells_carry_their_type_and_rows_their_number(tmp_path):
    path = tmp_path / "roster"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["姓名", "证件号码", "入职"])
    sheet.write(2, 0, "张三")
    sheet.write_number(2, 1, 430199200002290050)
    sheet.write_datetime(2, 2, date(2026, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_boolean(3, 0, True)
    sheet.write_number(3, 1, 1.5)
    book.close()
    rows = list(read_table(path))
    assert [row.number for row in rows] == [1, 3, 4]
    assert rows[1].cells[0] == "张三"
    assert rows[1].cells[2] == "2026-01-02"
    assert [row.kinds for row in rows] == ["ttt", "tnd", "bn-"]
    assert rows[2].cells == ["TRUE", "1.5", ""]


def test_an_id_number_stored_as_a_number_is_told(tmp_path):
    path = workbook(tmp_path / "ids.xlsx", [[430199200002290050], ["430199200002290050"]])
    first, second = read_table(path)
    problem = number_problem(first, 0)
    assert problem is not None
    assert problem.code == "id.numeric"
    assert number_problem(second, 0) is None
    assert number_problem(second, 5) is None


ROWS = "姓名,住址\r\n张三,雨花区\r\n李四,海宁\r\n"


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode("gbk"),
        ROWS.encode("gb18030"),
        ROWS.encode("utf-8"),
        codecs.BOM_UTF8 + ROWS.encode("utf-8"),
        ROWS.replace(",", "\t").encode("utf-16"),
        codecs.BOM_UTF16_BE + ROWS.replace(",", "\t").encode("utf-16-be"),
        ROWS.replace("\r\n", "\n").encode("gbk"),
    ],
    ids=["gbk", "gb18030", "utf-8", "utf-8-bom", "utf-16-le", "utf-16-be", "gbk-lf"],
)
def test_every_encoding_reads_alike(tmp_path, content):
    path = tmp_path / "names.csv"
    path.write_bytes(content)
    assert list(read_table(path)) == [
        Row(1, ["姓名", "住址"], "tt"),
        Row(2, ["张三", "雨花区"], "tt"),
        Row(3, ["李四", "海宁"], "tt"),
    ]


def test_four_byte_characters_of_gb18030_read_as_in_utf_8(tmp_path):
    names = "姓名\n\U00020164\U00020676\n㛃䶮\nབཀྲ་ཤིས\n"
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_bytes(names.encode("gb18030"))
    other.write_bytes(names.encode("utf-8"))
    assert one.read_bytes() != other.read_bytes()
    assert list(read_table(one)) == list(read_table(other))


def test_encodings_hold_across_chunk_borders(tmp_path):
    text = "甲" + "张三李四王五\n" * 30000
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_bytes(b"x" + text.encode("gbk"))
    other.write_bytes(b"x" + text.encode("utf-8"))
    assert list(read_table(one)) == list(read_table(other))


@pytest.mark.parametrize("reference", ["A1", "A1:B2", "A1:XFD1048576", "XFD1048576", "B7:B9"])
def test_a_lying_dimension_drops_no_row_and_costs_no_memory(tmp_path, reference):
    rows = [[f"行{n}", n, "末"] for n in range(40)]
    path = rewritten(
        workbook(tmp_path / "lying.xlsx", rows),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<dimension ref="A1:C40"/>', f'<dimension ref="{reference}"/>'.encode()),
    )
    assert reference.encode() in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    found = list(read_table(path, limits=SMALL))
    assert [(row.number, row.cells) for row in found] == [(n + 1, [f"行{n}", str(n), "末"]) for n in range(40)]


@pytest.mark.parametrize("reference", ["", "nonsense", "A0:B-1"])
def test_a_dimension_that_is_no_range_refuses_the_file(tmp_path, reference):
    path = rewritten(
        workbook(tmp_path / "broken.xlsx", [["a"], ["b"]]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'"A1:A2"', f'"{reference}"'.encode()),
    )
    assert refused(path) == "files.damaged"


def test_a_missing_dimension_changes_nothing(tmp_path):
    path = rewritten(
        workbook(tmp_path / "none.xlsx", [["a"], ["b"]]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<dimension ref="A1:A2"/>', b""),
    )
    assert [row.cells for row in read_table(path)] == [["a"], ["b"]]


def test_hidden_sheets_are_passed_over(tmp_path):
    path = tmp_path / "hidden.xlsx"
    book = xlsxwriter.Workbook(str(path))
    hidden, shown = book.add_worksheet("说明"), book.add_worksheet("名单")
    hidden.write(0, 0, "secret")
    shown.write(0, 0, "张三")
    shown.activate()
    hidden.hide()
    shown.set_first_sheet()
    book.close()
    assert [row.cells for row in read_table(path)] == [["张三"]]


def test_formulas_give_their_stored_value_and_nothing_is_computed(tmp_path):
    path = tmp_path / "formula.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write_formula(0, 0, '=HYPERLINK("http://x")', value="看我")
    book.close()
    assert [row.cells for row in read_table(path)] == [["看我"]]


def test_the_child_ends_when_the_reader_stops_early(tmp_path):
    path = workbook(tmp_path / "many.xlsx", [[f"行{n}" * 20] for n in range(20000)], constant_memory=True)
    before = children()
    rows = read_table(path)
    next(rows)
    assert children() == before + 1
    del rows
    gc.collect()
    assert children() == before


def children():
    return sum(
        1 for entry in Path("/proc").glob("[0-9]*/cmdline") if b"reader.py" in entry_of(entry) and parent_of(entry)
    )


def entry_of(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def parent_of(path):
    try:
        return int(path.with_name("stat").read_text().rsplit(")", 1)[1].split()[1]) == os.getpid()
    except OSError:
        return False


def test_the_child_sees_no_environment_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("QIANSHOU_KEYRING", "secret")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    seen = {}
    start = subprocess.Popen

    def spy(command, **options):
        seen.update(command=command, **options)
        return start(command, **options)

    monkeypatch.setattr(child.subprocess, "Popen", spy)
    assert len(list(read_table(workbook(tmp_path / "a.xlsx", [["a"]])))) == 1
    assert "QIANSHOU_KEYRING" not in seen["env"]
    assert "-I" in seen["command"]


def test_a_child_that_answers_nothing_in_time_is_stopped(tmp_path, monkeypatch):
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(child, "READER", slow)
    started = time.monotonic()
    assert refused(workbook(tmp_path / "a.xlsx", [["a"]]), replace(SMALL, wait_seconds=1)) == "files.timeout"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "files.timeout"),
        ("import os; os.abort()", "files.too_large_inside"),
        ("raise SystemExit(3)", "files.crashed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "files.crashed"),
    ],
)
def test_a_child_that_dies_is_a_refusal_not_an_error(tmp_path, monkeypatch, program, code):
    dying = tmp_path / "dying.py"
    dying.write_text(f"import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); {program}")
    monkeypatch.setattr(child, "READER", dying)
    assert refused(workbook(tmp_path / "a.xlsx", [["a"]])) == code


def test_a_reader_without_memory_refuses_and_its_parent_stays_small(tmp_path):
    rows = ([f"值{n}-{c}" * 5 for c in range(12)] for n in range(40000))
    path = workbook(tmp_path / "big.xlsx", rows, constant_memory=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(path, replace(DEFAULT_LIMITS, memory_bytes=60 * 1024 * 1024)) == "files.too_large_inside"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_every_refusal_is_told_in_chinese_at_the_field(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    with pytest.raises(UnreadableFile) as refusal:
        read_table(path)
    assert (refusal.value.code, refusal.value.status) == ("files.empty", 400)
    assert refusal.value.fields == {"file": ["文件是空的。"]}


def test_type_is_told_by_bytes_not_by_name(tmp_path):
    path = workbook(tmp_path / "roster.csv", [["张三"]])
    assert [row.cells for row in read_table(path)] == [["张三"]]
    assert sniff(b"a,b") == "csv"
