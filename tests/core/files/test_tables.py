import csv
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core.files.guard import guarded, is_dangerous, unguarded
from core.files.intake import read_table
from core.files.tables import ERROR_COLUMN, CellError, csv_bytes, write_csv, write_marked, write_xlsx

DANGEROUS = ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "＝cmd", "＋1", "－1", "＠x"]


def part(path, name):
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_text_is_written_as_text_to_xlsx(tmp_path, text):
    path = tmp_path / "out.xlsx"
    write_xlsx(path, ["姓名"], [[text]])
    sheet = part(path, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert 't="inlineStr"' in sheet
    assert 'quotePrefix="1"' in part(path, "xl/styles.xml")
    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1][0].strip() == text.strip()


@pytest.mark.parametrize("text", [*DANGEROUS, "\n=1"])
def test_dangerous_text_is_prefixed_in_csv_and_reads_back_alike(tmp_path, text):
    path = tmp_path / "out.csv"
    path.write_bytes(b"".join(csv_bytes(["姓名"], [[text]])))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1][0] == "'" + text
    assert list(read_table(path))[1].cells == [text]


def test_a_dangerous_header_or_watermark_is_text_too(tmp_path):
    raw = b"".join(csv_bytes(["=a"], [], watermark="@x")).decode("utf-8-sig")
    assert raw == "'@x\r\n'=a\r\n"
    path = tmp_path / "out.xlsx"
    write_xlsx(path, ["=a"], [], watermark="=x")
    assert "<f>" not in part(path, "xl/worksheets/sheet1.xml")


def test_amounts_stay_numbers_and_long_numbers_stay_text(tmp_path):
    values = [Decimal("-1234.50"), 7, 430199200002290050, "430199200002290050", "007", Decimal("12345678901234567.89")]
    path = tmp_path / "out.xlsx"
    write_xlsx(path, list("abcdef"), [values])
    row = list(read_table(path))[1]
    assert row.kinds == "nntttt"
    assert row.cells == ["-1234.5", "7", "430199200002290050", "430199200002290050", "007", "12345678901234567.89"]
    line = b"".join(csv_bytes(list("abcdef"), [values])).decode("utf-8-sig").splitlines()[1]
    assert line == "-1234.50,7,'430199200002290050,'430199200002290050,007,12345678901234567.89"


def test_dates_blanks_and_booleans(tmp_path):
    values = [date(2026, 11, 21), datetime(2026, 11, 21, 8, 30), None, "", True]
    path = tmp_path / "out.xlsx"
    write_xlsx(path, list("abcde"), [values])
    row = list(read_table(path))[1]
    assert row.kinds == "dd--t"
    assert row.cells == ["2026-11-21", "2026-11-21 08:30:00", "", "", "是"]
    line = b"".join(csv_bytes(["a"], [values])).decode("utf-8-sig").splitlines()[1]
    assert line == "2026-11-21,2026-11-21 08:30:00,,,是"


def test_infinite_and_undefined_numbers_are_text(tmp_path):
    path = tmp_path / "out.xlsx"
    write_xlsx(path, ["a", "b"], [[float("inf"), Decimal("NaN")]])
    assert list(read_table(path))[1].kinds == "tt"


def test_the_watermark_is_line_header_and_property(tmp_path):
    path = tmp_path / "out.xlsx"
    count = write_xlsx(path, ["姓名"], [["张三"], ["李四"]], watermark="张主任 & 2026-11-21 导出")
    assert count == 2
    assert [row.cells[0] for row in read_table(path)] == ["张主任 & 2026-11-21 导出", "姓名", "张三", "李四"]
    assert "张主任" in part(path, "docProps/core.xml")
    assert "&amp;&amp;" in part(path, "xl/worksheets/sheet1.xml")


def test_the_marked_workbook_shows_each_error_in_its_cell_and_all_in_the_last_column(tmp_path):
    path = tmp_path / "marked.xlsx"
    errors = {
        1: [CellError(1, "校验位不符"), CellError(1, "与性别不一致"), CellError(None, "整行重复")],
        2: [CellError(2, "必填")],
    }
    rows = [["张三", "1", "a"], ["=李四", "2", "b"], ["王五", "3"]]
    assert write_marked(path, ["姓名", "证件号码", "性别"], rows, errors) == 3
    found = list(read_table(path))
    assert found[0].cells == ["姓名", "证件号码", "性别", ERROR_COLUMN]
    assert found[1].cells[3] == ""
    assert found[2].cells == ["=李四", "2", "b", "证件号码：校验位不符；证件号码：与性别不一致；整行重复"]
    assert found[3].cells[3] == "性别：必填"
    notes = part(path, "xl/comments1.xml")
    assert re.findall(r'ref="([A-Z]+\d+)"', notes) == ["B3", "C4"]
    assert "FFC7CE" in part(path, "xl/styles.xml")


def test_csv_carries_a_bom_and_windows_line_ends():
    out = io.BytesIO()
    write_csv(out, ["姓名"], [["张三"]])
    assert out.getvalue() == b"\xef\xbb\xbf" + "姓名\r\n张三\r\n".encode()


def test_a_long_csv_comes_in_pieces():
    pieces = list(csv_bytes(["a"], (["x" * 1000] for _ in range(500))))
    assert len(pieces) > 5
    assert b"".join(pieces).count(b"\r\n") == 501


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n＝＋－＠0123456789ab张")))
def test_guarding_is_undone_exactly_and_leaves_nothing_dangerous(text):
    assert unguarded(guarded(text)) == text
    assert not is_dangerous(guarded(text))
