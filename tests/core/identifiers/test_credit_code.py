import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from core.identifiers import IdentifierProblem
from core.identifiers.credit_code import CreditCode, RegisteredForm, check_credit_code


@pytest.mark.parametrize("number", ["91350100M000100Y43", "91110000600037341L"])
def test_published_codes_pass(number):
    found = check_credit_code(number)
    assert isinstance(found, CreditCode)
    assert found.number == number


@pytest.mark.parametrize(
    "number",
    [
        "52430100MJJ123450P",
        "53440300MJL987658K",
        "51440300502678903K",
        "52540500MJY00001XQ",
        "115405020153000060",
        "12430000444870015R",
    ],
)
def test_the_synthetic_codes_pass_both_checks(number):
    assert check_credit_code(number) == CreditCode(number)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("91350100M000100Y4Z", "uscc.characters"),
        ("91350100M000100Y44", "uscc.check"),
        ("91350100M000100Y4", "uscc.length"),
        ("91350100M000100Y43 ", "uscc.blank"),
        ("913501A0M000100Y43", "uscc.characters"),
        ("", "uscc.missing"),
    ],
)
def test_wrong_codes_are_refused_by_reason(number, code):
    found = check_credit_code(number)
    assert isinstance(found, IdentifierProblem)
    assert found.code == code


def test_lower_case_and_full_width_are_normalised():
    assert check_credit_code("52430100mjj12345０p") == CreditCode("52430100MJJ123450P")


def test_a_wrong_body_check_is_only_a_warning():
    digits = "52430100MJJ123451"
    found = check_credit_code(digits + uscc.calc_check_digit(digits))
    assert isinstance(found, CreditCode)
    assert [warning.code for warning in found.warnings] == ["uscc.body"]


def test_a_form_that_disagrees_with_the_prefix_is_only_a_warning():
    found = check_credit_code("52430100MJJ123450P", form=RegisteredForm.FOUNDATION)
    assert isinstance(found, CreditCode)
    assert [warning.code for warning in found.warnings] == ["uscc.form"]
    assert found.form is RegisteredForm.SERVICE_INSTITUTION
    assert check_credit_code("53440300MJL987658K", form=RegisteredForm.FOUNDATION) == CreditCode("53440300MJL987658K")


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXYZ ", min_size=17, max_size=19))
def test_we_never_accept_what_stdnum_refuses(text):
    if isinstance(check_credit_code(text), CreditCode):
        assert uscc.is_valid(text)
