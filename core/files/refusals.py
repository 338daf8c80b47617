"""Why a file is not read: every code with its Chinese sentence, on one screen."""

from core.errors import Invalid

_MESSAGES = {
    "files.empty": "文件是空的。",
    "files.too_large": "文件超过 {limit_mb} MB，请拆分后再上传。",
    "files.old_or_encrypted": "这是旧版 .xls 或带密码的文件；请取消密码，另存为 .xlsx 后再上传。",
    "files.encrypted": "文件带有密码，请取消密码后再上传。",
    "files.pdf": "这是 PDF 文件，请上传 .xlsx 或 .csv。",
    "files.archive": "这是压缩包，请解压后上传其中的 .xlsx 或 .csv。",
    "files.image": "这是图片，请上传 .xlsx 或 .csv。",
    "files.program": "这是可执行程序，不能上传。",
    "files.markup": "这是网页或 XML 文件（扩展名可能被改过）；请用 Excel 另存为 .xlsx 后再上传。",
    "files.not_a_workbook": "这不是 Excel 工作簿，请上传 .xlsx 或 .csv。",
    "files.macros": "工作簿含有宏，请另存为不含宏的 .xlsx 后再上传。",
    "files.damaged": "文件已损坏或格式不规范，请用 Excel 打开并另存为 .xlsx 后再上传。",
    "files.bomb": "文件解压后异常庞大，已拒绝打开。",
    "files.too_many_entries": "压缩结构异常（内部文件超过 {limit} 个），已拒绝打开。",
    "files.too_large_inside": "表格展开后过大，无法读取；请删除多余的行列后再上传。",
    "files.no_sheet": "工作簿里没有可见的工作表。",
    "files.too_many_rows": "数据超过 {limit} 行，请拆分后再上传。",
    "files.too_many_columns": "数据有 {found} 列，超过 {limit} 列；请删除多余的列后再上传。",
    "files.too_many_cells": "单元格总数超过 {limit} 个，请拆分后再上传。",
    "files.long_cell": "第 {row} 行有单元格超过 {limit} 个字，请缩短后再上传。",
    "files.encoding": "无法识别文字编码（既不是 UTF-8 也不是 GB18030），请另存为 .xlsx 或“CSV UTF-8”。",
    "files.binary": "文件不是文本，请上传 .xlsx 或 .csv。",
    "files.csv_quotes": "第 {row} 行附近引号不成对或位置不对，请检查后再上传。",
    "files.timeout": "读取文件用时过长，已停止；请拆分后再上传。",
    "files.crashed": "文件无法安全读取，请用 Excel 打开并另存为 .xlsx 后再上传。",
}


class UnreadableFile(Invalid):
    """The uploaded file is refused as a whole. `fields` names the form field `file`."""

    def __init__(self, code: str, **detail: int | str) -> None:
        values = dict(detail)
        if isinstance(values.get("limit"), int):
            values["limit_mb"] = int(values["limit"]) // (1024 * 1024)
        message = _MESSAGES[code].format(**values)
        super().__init__(code, message, {"file": [message]})
