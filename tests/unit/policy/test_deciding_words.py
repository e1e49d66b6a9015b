"""The words that decided are found by leaving them out."""

from hypothesis import given
from hypothesis import strategies as st

from tarazu.policy.deciding_words import MARKED, Question, deciding_words, without
from tarazu.policy.passage import Passage
from tarazu.policy.stance.masking import TARGET
from tarazu.verdicts import Mention

GRAVE = {"glory": 0.5, "heroes": 0.3, "join": 0.4}


def share(texts):
    """A model that can be looked through: every grave word adds to the share."""
    return [
        min(1.0, sum(weight for word, weight in GRAVE.items() if word in text.lower().split()))
        for text in texts
    ]


def question(text, below=0.3):
    start = text.index("Redmarch")
    one = Mention(entity_id="e", start=start, end=start + 8, text="Redmarch", alias="Redmarch")
    whole = share(
        [without(Question(passage=Passage(text=text, mentions=(one,)), entity_id="e", share=0, below=0), ())]
    )[0]
    return Question(passage=Passage(text=text, mentions=(one,)), entity_id="e", share=whole, below=below)


@given(
    st.lists(st.sampled_from([*GRAVE, "the", "of", "said", "بر", "in"]), min_size=1, max_size=12), st.data()
)
def test_leaving_the_marked_words_out_changes_the_outcome(words, data):
    at = data.draw(st.integers(0, len(words)))
    asked = question(" ".join([*words[:at], "Redmarch", *words[at:]]))
    (found,) = deciding_words([asked], share)
    assert len({w.text for w in found}) <= MARKED
    assert found or not asked.share
    assert all(asked.text[w.start : w.end] == w.text and w.text != "Redmarch" for w in found)
    if asked.share >= asked.below:
        left = without(asked, tuple((w.start, w.end) for w in found))
        assert TARGET in left
        assert share([left])[0] < asked.below


def test_only_grave_words_are_marked_when_they_suffice():
    (found,) = deciding_words(
        [question("The glory of Redmarch, said the heroes of the day", below=0.2)], share
    )
    assert [w.text for w in found] == ["glory", "heroes"]
