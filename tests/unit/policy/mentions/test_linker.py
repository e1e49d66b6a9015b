from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_entities import NAMES, entity, linker


def found(text: str) -> list[tuple[str, str, str]]:
    return [(m.entity_id, m.text, m.written) for m in linker().link(text)]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Red Dawn Front's men", ["Red Dawn Front"]),
        ("the red-dawn-front", ["red-dawn-front"]),
        ("Red. Dawn came. Front", []),
        ("zenithal", []),
        ("وجبهة المثال", ["جبهة المثال"]),
        ("للزنبار", ["للزنبار"]),
        ("بالزنبار", ["الزنبار"]),
        ("جبهه نمونه‌ها", ["جبهه نمونه"]),
        ("زنگارکهای", ["زنگارک"]),
        ("جبهه‌نمونه", ["جبهه‌نمونه"]),
        ("ازMarrowgateها", ["Marrowgate"]),
        ("rdf RDF", ["RDF"]),
        ("alzanbar al zanbar", ["alzanbar", "al zanbar"]),
        ("jabhe nemune, jabhe-ye nemuneh", ["jabhe nemune", "jabhe-ye nemuneh"]),
        ("jabhat al mithal jabhat-ul-methal", ["jabhat al mithal", "jabhat-ul-methal"]),
        ("kata2eb el fajr", ["kata2eb el fajr"]),
        ("#StandWithRedDawnFront #standwithreddawnfront", ["RedDawnFront", "reddawnfront"]),
        ("#لا_لجبهة_المثال", ["جبهة_المثال"]),
        ("@RedDawnFront red@marrowgate.org https://x.com/marrowgate marrowgate.com", []),
        ("Ze\u200bni\u200dth and z3n1th", []),  # two entities each, below
        ("!r0n H3@rth L34gu3, !ron Hearth L3agu3", ["!r0n H3@rth L34gu3", "!ron Hearth L3agu3"]),
        ("!RON HE@RTH LEAGUE", ["!RON HE@RTH LEAGUE"]),
        ("1ron Hearth League", ["1ron Hearth League"]),
        ("Wow!Iron Hearth League !iron hearth league", ["Iron Hearth League", "iron hearth league"]),
        ("ask the @rmy of Ostr@va", ["@rmy of Ostr@va"]),
        ("$TONE LANTERN, 5tone Lantern", ["$TONE LANTERN", "5tone Lantern"]),
        ("$Stone Lantern, @army of ostrava", ["Stone Lantern", "army of ostrava"]),
        ("@shmark", []),
        ("!ampwick", []),
        ("با جبهه سرخ‌کوهان", ["جبهه سرخ‌کوه"]),
        ("با تیپ‌های کاروندام", ["تیپ‌های کاروند"]),
        ("انجمن اجاق آهنینـه", ["انجمن اجاق آهنین"]),
        ("زنگارکاند زنگارکید زنگارکست زنگارکن", ["زنگارک"] * 4),
        ("زنگارک‌ام زنگارک این زنگارکاین", ["زنگارک"] * 3),
        ("ماوران ماورن ماوره ماورم", []),  # four letters
        ("قلعاویان الزنباره", []),  # another surname, a feminine
    ],
)
def test_who_is_named(text: str, spans: list[str]) -> None:
    mentions = [m for m in linker().link(text) if m.entity_id not in ("Zenith", "twin")]
    assert [m.text for m in mentions] == spans


def test_one_span_may_name_two_and_the_longest_wins() -> None:
    assert {e for e, _, _ in found("Zenith fell")} == {"Zenith", "twin"}
    assert found("Zenith Star fell") == [("twin", "Zenith Star", "plain")]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("IS claims the attack", ["IS"]),
        ("this is an attack", []),
        ("THIS IS AN ATTACK ON ALL OF US", []),
        ("IS is here", []),
        ("IS and the Example Force", ["IS", "Example Force"]),
        ("the base of the bridge", []),
        ("attacks by the base", ["the base"]),
        ("والتنظيم: قاعدة", ["قاعدة"]),
        ("قاعدة", []),
    ],
)
def test_an_ordinary_word_needs_context(text: str, spans: list[str]) -> None:
    assert [m.text for m in linker().link(text)] == spans


def test_slogans_say_so() -> None:
    (one,) = linker().link("نحن باقووون هنا!")
    assert (one.entity_id, one.slogan, one.alias, one.written) == ("ef", True, "نحن باقون هنا", "disguised")


PIECES = st.one_of(
    st.sampled_from([name for names in NAMES.values() for name in names]),
    st.sampled_from(
        ["IS", "attack", "#", "@", "ـ", "\u200b", "\u200c", "ﷲ", "ﬁ", "!", "$", " ", "و", "ها", "a.com/"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=8))
def test_offsets_cut_out_what_was_matched_and_screening_misses_nothing(pieces: list[str]) -> None:
    text = "".join(pieces)
    mentions = linker().link(text)
    last = 0
    for one in sorted(mentions, key=lambda m: (m.start, m.end)):
        assert text[one.start : one.end] == one.text != ""
        assert one.start >= last or any(
            o.start == one.start and o.end == one.end for o in mentions if o is not one
        )
        last = one.end
    assert linker().screen(pl.Series([text]))[0] or not mentions


def test_screening_keeps_the_place_of_every_text() -> None:
    texts = ["nobody", None, "", "Marrowgate"] * 3000 + ["RDF"]
    hit = linker().screen(pl.Series(texts))
    assert np.flatnonzero(hit).tolist() == [*range(3, 12000, 4), 12000]
    assert linker().screen(pl.Series([], dtype=pl.String)).tolist() == []


def test_giants_and_broken_texts() -> None:
    assert linker().link("") == linker().link("\ud800\udfff\x00") == ()
    (one, _) = linker().link("\ud800Zenith\udc00")
    assert (one.start, one.end) == (1, 7)
    for hostile in ("a " * 500_000, "!" * 1_000_000, "z!" * 500_000, "ـ" * 1_000_000, "#" + "zeni" * 250_000):
        assert linker().link(hostile) == ()
    (last,) = linker().link("x " * 500_000 + "Marrowgate")
    assert last.start == 1_000_000


def test_an_empty_list_and_a_name_without_letters() -> None:
    from tarazu.policy.mentions import Linker

    assert Linker([]).link("Zenith") == ()
    assert Linker([entity("x", "☠")]).link("☠ Zenith") == ()
