from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent, ValidationError

from core.identifiers import IdentifierProblem
from core.identifiers.resident_id import (
    PROVINCES,
    ResidentId,
    Sex,
    age_on,
    check_resident_id,
    convert_15_digits,
    disagreements,
    district_warning,
    expected_check,
)

TODAY = date(2026, 11, 21)


def code_of(text: str) -> str:
    found = check_resident_id(text, today=TODAY)
    return found.code if isinstance(found, IdentifierProblem) else "ok"


@pytest.mark.parametrize(
    ("number", "birth_date", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE),
        ("440524188001010014", date(1880, 1, 1), Sex.MALE),
        ("540599195703140016", date(1957, 3, 14), Sex.MALE),
        ("540599201409220128", date(2014, 9, 22), Sex.FEMALE),
        ("330499194801010232", date(1948, 1, 1), Sex.MALE),
        ("44039919850630114X", date(1985, 6, 30), Sex.FEMALE),
        ("430199200002290050", date(2000, 2, 29), Sex.MALE),
        ("430199202312312074", date(2023, 12, 31), Sex.MALE),
        ("44039920120101999X", date(2012, 1, 1), Sex.MALE),
    ],
)
def test_the_vectors_of_the_standards_tell_birth_date_and_sex(number, birth_date, sex):
    day = date(2000, 1, 1) if birth_date.year == 1880 else TODAY
    assert check_resident_id(number, today=day) == ResidentId(number, birth_date, sex)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("430199199902291280", "id.birth_date"),
        ("430199202801011280", "id.future"),
        ("110105194912310021", "id.check"),
        ("43019920000229005", "id.length"),
        ("43019920000229005 ", "id.blank"),
        ("430199200002290050 ", "id.blank"),
        (" 430199200002290050", "id.blank"),
        ("430199200002290050\u3000", "id.blank"),
        ("440524188001010014", "id.age"),
        ("160199200002290050", "id.province"),
        ("43019920000229005A", "id.characters"),
        ("4301992000022900X0", "id.characters"),
        ("४30199200002290050", "id.characters"),
        ("4.30199200002290E+17", "id.numeric"),
        ("430199200002290", "id.length"),
        ("", "id.missing"),
    ],
)
def test_wrong_numbers_are_refused_by_reason(number, code):
    assert code_of(number) == code


def test_the_message_tells_the_expected_check_character():
    problem = check_resident_id("110105194912310021", today=TODAY)
    assert problem == IdentifierProblem("id.check", "校验位不符：末位应为 X，请核对原件。")


@pytest.mark.parametrize("typed", ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002ｘ"])
def test_full_width_and_lower_case_are_normalised(typed):
    found = check_resident_id(typed, today=TODAY)
    assert isinstance(found, ResidentId)
    assert found.number == "11010519491231002X"


def test_the_oldest_age_is_130_on_the_day():
    digits = "43019918961121001"
    number = digits + expected_check(digits)
    assert code_of(number) == "ok"
    assert isinstance(check_resident_id(number, today=date(2027, 11, 20)), ResidentId)
    problem = check_resident_id(number, today=date(2027, 11, 21))
    assert isinstance(problem, IdentifierProblem)
    assert problem.code == "id.age"


def test_an_unknown_district_is_only_a_warning():
    found = check_resident_id("540599195703140016", today=TODAY)
    assert isinstance(found, ResidentId)
    assert district_warning(found, {"540502"}) is not None
    assert district_warning(found, {"540599"}) is None


def test_entered_birth_date_and_sex_that_disagree_are_named():
    found = check_resident_id("430199200002290050", today=TODAY)
    assert isinstance(found, ResidentId)
    assert disagreements(found, birth_date=date(2000, 2, 29), sex="1") == {}
    assert disagreements(found) == {}
    assert disagreements(found, sex="9") == {}
    wrong = disagreements(found, birth_date=date(2000, 2, 28), sex="2")
    assert {name: problem.code for name, problem in wrong.items()} == {
        "birth_date": "id.birth_date_differs",
        "sex": "id.sex_differs",
    }


def test_fifteen_digits_are_converted_for_import_and_refused_elsewhere():
    converted = convert_15_digits("110105491231002", today=TODAY)
    assert isinstance(converted, ResidentId)
    assert converted.number == "11010519491231002X"
    assert isinstance(convert_15_digits("11010549123100X", today=TODAY), IdentifierProblem)
    assert isinstance(convert_15_digits("110105499931002", today=TODAY), IdentifierProblem)


def test_age_completes_on_the_birthday():
    assert age_on(date(2012, 11, 21), TODAY) == 14
    assert age_on(date(2012, 11, 22), TODAY) == 13
    assert age_on(date(2000, 2, 29), date(2001, 2, 28)) == 0
    assert age_on(date(2000, 2, 29), date(2001, 3, 1)) == 1


numbers = st.builds(
    lambda province, district, birth, sequence: f"{province}{district:04d}{birth:%Y%m%d}{sequence:03d}",
    st.sampled_from(sorted(PROVINCES)),
    st.integers(0, 9999),
    st.dates(date(1897, 1, 1), TODAY),
    st.integers(0, 999),
)


@given(numbers)
def test_we_accept_what_stdnum_accepts_district_table_aside(digits):
    number = digits + expected_check(digits)
    assert ric.calc_check_digit(number) == number[17]
    found = check_resident_id(number, today=TODAY)
    assert isinstance(found, ResidentId)
    assert found.birth_date == ric.get_birth_date(number)
    # Its district table refuses (and a bare province is a KeyError there); ours is a warning.
    with suppress(InvalidComponent, KeyError):
        ric.validate(number)


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_changed_character_never_passes_as_the_same_person(digits, place, character):
    number = digits + expected_check(digits)
    changed = number[:place] + character + number[place + 1 :]
    if changed != number:
        assert isinstance(check_resident_id(changed, today=TODAY), IdentifierProblem)


@given(st.text(max_size=20))
def test_arbitrary_text_never_raises_and_never_passes_unless_stdnum_checks_it(text):
    found = check_resident_id(text, today=TODAY)
    if isinstance(found, ResidentId):
        try:
            ric.validate(found.number)
        except (InvalidComponent, KeyError):
            pass
        except ValidationError:
            pytest.fail("we accepted a number whose shape or checksum stdnum refuses")
