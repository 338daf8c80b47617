from datetime import date

import pytest

from core.identifiers import IdentifierProblem
from core.identifiers.disability_card import DisabilityCard, check_disability_card
from core.identifiers.documents import Document, DocumentType, check_document, document_type_named
from core.identifiers.phone import Phone, PhoneKind, check_phone
from core.identifiers.resident_id import expected_check

TODAY = date(2026, 11, 21)


def with_check(digits: str) -> str:
    return digits + expected_check(digits)


HONG_KONG = with_check("81000019900101001")
TAIWAN = with_check("83000019900101001")


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (DocumentType.RESIDENT_ID, "430199200002290050"),
        (DocumentType.HOUSEHOLD_BOOK, "430199202312312074"),
        (DocumentType.HK_MACAO_PERMIT, HONG_KONG),
        (DocumentType.HK_MACAO_PERMIT, with_check("82000019900101001")),
        (DocumentType.TAIWAN_PERMIT, TAIWAN),
        (DocumentType.PASSPORT, "E12345678"),
        (DocumentType.PASSPORT, "EA1234567"),
        (DocumentType.PERMANENT_RESIDENCE, "911124198108030024"),
        (DocumentType.PERMANENT_RESIDENCE, "USA110081080300"),
    ],
)
def test_each_document_type_accepts_its_own_number(kind, number):
    found = check_document(kind, number, today=TODAY)
    assert isinstance(found, Document)
    assert (found.kind, found.number) == (kind, number)


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        (DocumentType.RESIDENT_ID, HONG_KONG, "document.prefix"),
        (DocumentType.HOUSEHOLD_BOOK, TAIWAN, "document.prefix"),
        (DocumentType.HK_MACAO_PERMIT, TAIWAN, "document.prefix"),
        (DocumentType.HK_MACAO_PERMIT, "430199200002290050", "document.prefix"),
        (DocumentType.TAIWAN_PERMIT, HONG_KONG, "document.prefix"),
        (DocumentType.PASSPORT, "E1 2345678", "document.shape"),
        (DocumentType.PASSPORT, "PASSPORT", "document.shape"),
        (DocumentType.PERMANENT_RESIDENCE, "811124198108030024", "document.shape"),
        (DocumentType.RESIDENT_ID, "", "id.missing"),
        (DocumentType.NONE, "430199200002290050", "document.number_given"),
        (DocumentType.NONE, "", "document.reason"),
    ],
)
def test_each_document_type_refuses_the_others(kind, number, code):
    found = check_document(kind, number, today=TODAY)
    assert isinstance(found, IdentifierProblem)
    assert found.code == code


def test_no_document_needs_a_reason():
    assert check_document(DocumentType.NONE, "", today=TODAY, reason="流浪乞讨") == Document(DocumentType.NONE, "")
    assert isinstance(check_document(DocumentType.NONE, "", today=TODAY, reason="  "), IdentifierProblem)


def test_only_numbers_of_gb_11643_tell_birth_date_and_sex():
    known = check_document(DocumentType.TAIWAN_PERMIT, TAIWAN, today=TODAY)
    unknown = check_document(DocumentType.PASSPORT, "E12345678", today=TODAY)
    assert isinstance(known, Document)
    assert isinstance(unknown, Document)
    assert (known.birth_date, known.sex) == (date(1990, 1, 1), "1")
    assert (unknown.birth_date, unknown.sex) == (None, None)


def test_types_are_found_by_the_names_imports_use():
    assert all(document_type_named(kind.label) is kind for kind in DocumentType)
    assert document_type_named(" 身份证 ") is DocumentType.RESIDENT_ID
    assert document_type_named("驾驶证") is None


def test_the_disability_card_of_the_standards_is_limb_level_two():
    found = check_disability_card("43019920000229005042", today=TODAY, holder_id="430199200002290050")
    assert found == DisabilityCard("43019920000229005042", "4", "2")
    assert found.label == "肢体二级"


@pytest.mark.parametrize(
    ("number", "holder", "code"),
    [
        ("43019920000229005042", "540599195703140016", "disability.holder"),
        ("43019920000229005082", None, "disability.shape"),
        ("43019920000229005045", None, "disability.shape"),
        ("4301992000022900504", None, "disability.shape"),
        ("43019920000229005142", None, "id.check"),
    ],
)
def test_wrong_disability_cards_are_refused(number, holder, code):
    found = check_disability_card(number, today=TODAY, holder_id=holder)
    assert isinstance(found, IdentifierProblem)
    assert found.code == code


def test_a_reissued_disability_card_carries_its_mark():
    assert isinstance(check_disability_card("43019920000229005042B1", today=TODAY), DisabilityCard)


@pytest.mark.parametrize(
    ("typed", "number", "kind"),
    [
        ("13812345678", "13812345678", PhoneKind.MOBILE),
        ("138 1234-5678", "13812345678", PhoneKind.MOBILE),
        ("+86 13812345678", "13812345678", PhoneKind.MOBILE),
        ("１３８１２３４５６７８", "13812345678", PhoneKind.MOBILE),
        ("0731-82345678", "0731-82345678", PhoneKind.LANDLINE),
        ("073182345678", "0731-82345678", PhoneKind.LANDLINE),
        ("(010)62345678", "010-62345678", PhoneKind.LANDLINE),
        ("0893 7823456", "0893-7823456", PhoneKind.LANDLINE),
    ],
)
def test_phones_are_brought_to_one_form(typed, number, kind):
    assert check_phone(typed) == Phone(number, kind)


@pytest.mark.parametrize("typed", ["", "12812345678", "1381234567", "138123456789", "82345678", "无", "1.38E+10"])
def test_wrong_phones_are_refused(typed):
    assert isinstance(check_phone(typed), IdentifierProblem)
