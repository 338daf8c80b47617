"""Paper: data is data."""

from core.printing import Watermark, render_pdf

MARK = Watermark("白玛央金 社工", "2026-11-20 09:00")


def sheet(**changes):
    data = {
        "number": "ZD-C-00001", "example": True, "facts": [["姓名", "次仁卓玛"]] * 2, "categories": [], "household": "",
        "members": [], "consents": [],
    }  # fmt: skip
    return render_pdf("cases/client.typ", {**data, **changes}, mark=MARK)


def test_markup_in_a_name_is_printed_and_not_obeyed():
    for name in ('#read("/etc/passwd")', "*粗*_斜_$x$", "#panic()", "= 标题", "\\ ] [ #", "བོད་སྐད་", "买买提·艾力"):
        assert sheet(facts=[["姓名", name]] * 2).startswith(b"%PDF")


def test_equal_data_make_equal_bytes():
    assert sheet() == sheet()
