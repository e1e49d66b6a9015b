"""Marks never change a text, and lie where they were found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tarazu.report.markup import clean
from tarazu.server.marked import Span, pieces

TEXT = st.text(alphabet=st.sampled_from("aب\u200cچ🚢\u0301<&\x00\n ") | st.characters(), max_size=60)
SPANS = st.lists(
    st.builds(
        Span, st.integers(-3, 70), st.integers(-3, 70), st.integers(0, 2), st.sampled_from((0.0, 0.2, 0.9))
    ),
    max_size=6,
)


@given(TEXT, SPANS)
def test_the_text_stays_and_every_mark_covers_its_own(text: str, spans: list[Span]) -> None:
    cut = pieces(text, spans)
    assert all(one.text for one in cut)
    if "\r" not in text:  # line ends are made one kind, piece by piece
        assert "".join(one.text for one in cut) == clean(text)
        at = 0
        for one in cut:
            over = [s for s in spans if 0 <= s.start <= at and at + len(one.text) <= s.end <= len(text)]
            assert (one.level > 0) == any(s.weight > 0 for s in over)
            assert (one.named > 0) == any(s.named > 0 for s in over)
            at += len(one.text)


def test_marks_of_several_pictures_lie_in_the_right_one() -> None:
    first, second = "red flag", "march on"
    mark = Span(len(first) + 1, len(first) + 6, 1)  # "march", behind the line end between the pictures
    assert mark.moved(0, len(first)).start == mark.moved(0, len(first)).end
    found = pieces(second, [mark.moved(len(first) + 1, len(second))])
    assert [(one.text, one.named) for one in found] == [("march", 1), (" on", 0)]
