"""The model sees no name, and nothing in a post can pass for one of its marks."""

from hypothesis import given
from hypothesis import strategies as st

from tarazu.policy.stance.masking import OTHER, TARGET, masked
from tarazu.verdicts import Mention


def mention(text: str, name: str, entity: str = "e", slogan: bool = False) -> Mention:
    start = text.index(name)
    return Mention(entity_id=entity, start=start, end=start + len(name), text=name, alias=name, slogan=slogan)


def test_the_same_words_about_two_names_read_the_same():
    for one, two in (("Redmarch Front", "Larkfield Choir"), ("جبهه سرخ‌کوه", "گروه کر")):
        texts = [f"Long live {name}, our pride #{name.replace(' ', '_')}" for name in (one, two)]
        seen = {
            masked(text, [mention(text, name)], "e") for text, name in zip(texts, (one, two), strict=True)
        }
        assert len({s.split("#")[0] for s in seen}) == 1
        assert all(TARGET in s for s in seen)


def test_each_entity_is_the_target_in_turn_and_a_slogan_keeps_its_words():
    text = "Glory to Alpha, shame on Beta! We remain."
    found = [
        mention(text, "Alpha", "a"),
        mention(text, "Beta", "b"),
        mention(text, "We remain", "a", slogan=True),
    ]
    assert masked(text, found, "a") == f"Glory to {TARGET}, shame on {OTHER}! {TARGET}: We remain."
    assert masked(text, found, "b") == f"Glory to {OTHER}, shame on {TARGET}! {OTHER}: We remain."


def test_a_shouted_line_is_read_in_small_letters():
    text = "GLORY TO THE REDMARCH!\nSaid the UN in Rome.\nΖΗΤΩ Η ΝΙΚΗ ΜΑΣ"
    seen = masked(text, [mention(text, "REDMARCH")], "e")
    assert seen == f"glory to the {TARGET}!\nSaid the UN in Rome.\nζητω η νικη μας"


def test_a_hashtag_opens_into_words():
    text = "#StandWithRedmarch_now and #از_سرخ_کوه_حمایت"
    found = [mention(text, "Redmarch"), mention(text, "سرخ_کوه", "f")]
    assert masked(text, found, "e") == f"# Stand With {TARGET} now and # از {OTHER} حمایت"


@given(
    st.text(max_size=60),
    st.sampled_from(
        [TARGET, OTHER, "</s>", "<s>", "< MASK >", "<pad>", "<ma\u200bsk>", "<\u0640mask>", "<mas\u064ek>"]
    ),
)
def test_nothing_a_user_types_becomes_a_mark(text, forged):
    seen = masked(f"{text}{forged}{text}", [], "e")
    assert all(mark not in seen.lower() for mark in ("<mask>", "<other>", "<s>", "</s>", "<pad>", "<unk>"))


@given(st.text(max_size=80), st.data())
def test_any_text_and_any_span_give_exactly_one_mark_a_mention(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    one = Mention(entity_id="e", start=start, end=end, text=text[start:end], alias="x")
    assert masked(text, [one], "e").count(TARGET) == 1
