"""The table that tesseract prints, as words."""

from hypothesis import given
from hypothesis import strategies as st

from tarazu.media.ocr.words import by_page


def row(page: int, text: str, *, level: int = 5, confidence: str = "91.5") -> str:
    return "\t".join([str(level), str(page), "1", "1", "1", "1", "10", "2", "30", "20", confidence, text])


def test_words_go_to_their_page_in_order_and_lose_direction_marks() -> None:
    told = "\n".join(
        [row(2, "\u200fالساعة"), row(2, "\u200e٧"), row(1, "seven"), row(1, "", level=4), row(9, "x")]
    )
    first, second, third = by_page(told, 3)
    assert [word.text for word in first] == ["seven"]
    assert [word.text for word in second] == ["الساعة", "٧"]
    assert third == []
    assert (first[0].left, first[0].right, first[0].confidence) == (10, 40, 0.915)


@given(st.text(), st.integers(0, 4))
def test_nonsense_is_no_word_and_no_error(told: str, pages: int) -> None:
    out = by_page(told + "\n" + row(1, "a", confidence="much"), pages)
    assert out == [[] for _ in range(pages)]
