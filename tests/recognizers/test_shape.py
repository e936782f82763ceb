from recognizers.hk_id_card import HkIdCardRecognizer
from recognizers.macau_id_card import MacauIdCardRecognizer
from recognizers.shape import LANGUAGE


def test_a_result_says_which_pattern_and_which_check_made_its_score() -> None:
    [result] = HkIdCardRecognizer().analyze("證A123456(3)", ["HK_ID_CARD"])
    assert (result.entity_type, result.start, result.end, result.score) == ("HK_ID_CARD", 1, 11, 0.9)
    assert result.analysis_explanation.pattern_name == "bracketed"
    assert result.analysis_explanation.validation_result is True
    assert result.recognition_metadata["recognizer_name"] == "HkIdCardRecognizer"


def test_a_result_without_a_check_claims_none() -> None:
    [result] = MacauIdCardRecognizer().analyze("1234567(8)", ["MO_ID_CARD"])
    assert result.analysis_explanation.validation_result is None


def test_reads_full_width_and_other_scripts_digits() -> None:
    text = "１２３４５６７（８） ١٢٣٤٥٦٧(٨)"
    spans = [(result.start, result.end) for result in MacauIdCardRecognizer().analyze(text, ["MO_ID_CARD"])]
    assert spans == [(0, 10), (11, 21)]


def test_keeps_to_the_entities_asked_for() -> None:
    assert MacauIdCardRecognizer().analyze("1234567(8)", ["CREDIT_CARD"]) == []
    assert MacauIdCardRecognizer().supported_language == LANGUAGE


def test_says_nothing_of_the_text_it_found() -> None:
    [result] = MacauIdCardRecognizer().analyze("1234567(8)", ["MO_ID_CARD"])
    assert "1234567" not in f"{result!r} {result.to_dict()} {result.analysis_explanation}"
