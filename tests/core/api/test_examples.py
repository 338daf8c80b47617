"""The examples of docs/how-to/use-the-api.md are run as they are printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.core.api.conftest import Caller

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "use-the-api.md"
BLOCK = re.compile(r"```http\n(.*?)\n→ (\d{3})(.*?)\n```", re.S)


def dig(body, path: str):
    for step in path.split("."):
        body = body[int(step)] if step.isdigit() else body[step]
    return body


def fill(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace("{" + name + "}", str(value))
    return text


@pytest.mark.django_db
def test_every_example_of_the_page_answers_as_printed(external: Caller):
    known: dict[str, str] = {}
    blocks = BLOCK.findall(PAGE.read_text())
    assert len(blocks) >= 10
    for request, status, names in blocks:
        first, *rest = fill(request, known).split("\n")
        method, path = first.split(" ")
        headers = dict(line.split(": ", 1) for line in rest if re.match(r"[A-Za-z-]+: ", line))
        body = "\n".join(line for line in rest if not re.match(r"[A-Za-z-]+: ", line))
        answer = external.send(method, path, body, headers)
        assert answer.status_code == int(status), (first, answer.content.decode())
        for pair in names.split():
            name, path_in_body = pair.split("=")
            known[name] = dig(answer.json(), path_in_body)
    assert known["client"] == known["again"] == known["found"]
    assert known["code"] == "page_size_out_of_range"
