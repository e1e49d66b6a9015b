"""Pictures of the drawn posts: the same each time, words inside them, changed as they say."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tarazu.errors import InputError
from tarazu.evaluation.media.joint import lettering
from tarazu.evaluation.media.joint.cases import Case, Known, cases
from tarazu.evaluation.media.joint.draw import draw
from tarazu.evaluation.media.joint.posted import posted
from tarazu.evaluation.media.joint.run import run
from tarazu.verdicts import Outcome, Verdict


def one(kind: str, lang: str = "fa") -> Case:
    return next(case for case in cases("test") if case.picture.kind == kind and case.lang == lang)


@pytest.mark.parametrize("lang", ["en", "fa", "ar"])
def test_words_end_inside_their_box(lang: str) -> None:
    words = max((" ".join(c.picture.lines) for c in cases("test") if c.lang == lang), key=len)
    sheet = Image.new("RGB", (500, 300), "white")
    end = lettering.lettered(sheet, (40, 30, 460, 270), words, lang, ink=(0, 0, 0))
    left, top, right, bottom = ImageChops.invert(sheet).getbbox() or (0, 0, 500, 300)
    assert (left >= 36, top >= 26, right <= 464, bottom <= 274) == (True,) * 4
    assert bottom - top > 60
    assert end <= 270


def test_a_missing_font_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lettering.FACES, ("ar", lettering.PLAIN), ("no-such-face.ttf",))
    with pytest.raises(InputError, match="fonts-noto-core"):
        lettering.font_of("ar", lettering.PLAIN, 21)


def test_a_meme_is_the_same_picture_twice_with_words_on_it() -> None:
    case = one("meme")
    first = draw(case)
    assert first.tobytes() == draw(case).tobytes()
    assert posted(first, "jpeg") == posted(first, "jpeg")
    sizes = {
        change: Image.open(io.BytesIO(posted(first, change))).size for change in ("crop", "frame", "resize")
    }
    assert sizes["resize"][0] < sizes["crop"][0] < first.width < sizes["frame"][0]


def test_a_run_hands_over_pictures_posts_and_a_bank(tmp_path: Path) -> None:
    chosen = [one("poster"), one("card")]
    banked: list[tuple[Known, Path]] = []

    def banking(pictures, bank):  # type: ignore[no-untyped-def]
        banked.extend(pictures)
        bank.write_text("bank")

    def judging(posts, media, bank):  # type: ignore[no-untyped-def]
        assert bank.read_text() == "bank"
        assert posts["text"].to_list() == [None, None]
        names = [name for names in posts["media"] for name in names]
        assert all((media / name).read_bytes().startswith(b"\xff\xd8") for name in names)
        return [
            Verdict(
                post_id=id_,
                outcome=Outcome.REVIEW,
                grounds=(),
                mentions=(),
                stances=(),
                purpose=None,
                words=(),
                where={},
                reason="",
                versions={},
            )
            for id_ in posts["post_id"]
        ]

    found = run(judging, banking, chosen, folder=tmp_path)
    assert [(known.entity, path.exists()) for known, path in banked] == [(chosen[0].entity, True)]
    assert found.clear.review == 2
