"""Characters that are read as a Latin letter, or as an Arabic letter without its dots. Data, hand-made.

A look-alike is not folded away: a Russian word stays Russian. It only shares its *skeleton* with the letter that
it resembles, and whoever compares skeletons decides whether the resemblance is meant.
"""

from __future__ import annotations

# Letters of other alphabets, small and capital apart: a small Greek eta is read as n, a capital one as H.
LETTERS = dict(
    zip(
        "абвгеѕіјкмнорстухһԁԛԝѵґёєіїАВЕЅІЈКМНОРСТУХҺԀԚԜѴЁЇ",
        "a6bresijkmhopctyxhdqwvreeiiABESIJKMHOPCTYXHDQWVEI".lower(),
        strict=True,
    )
)
LETTERS.update(zip("αβγδεζηικλμνορςτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abydeznikimvopstuxwabezhikmnoptyx", strict=True))
# Latin letters outside the alphabet, small capitals, IPA, Armenian, Cherokee.
LETTERS.update(zip("ɑɡıɩʟɪɴʀʏʙɢʜᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱꜰ", "agiilinrybghacdejkmoptuvwzsf", strict=True))
LETTERS.update(zip("օսոհյցաᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "ounhjgwabcdehjkimprstvwz", strict=True))
LETTERS.update(zip("ƒɓɗɛɨʂʈʉʋƴƶȥƙɲŋ", "fbdeistuvyzzknn", strict=True))

# Digits and signs of "leet". One and the small L share the skeleton of i: which is meant, the name decides.
LEET = dict(zip("0123456789", "oizeasbtbg", strict=True))
LEET["6"] = "6"
SIGNS = {"@": "a", "$": "s", "!": "i", "|": "i", "€": "e", "£": "i", "¥": "y", "¢": "c", "¡": "i"}
LETTERS["l"] = "i"

# Arabic letters by their shape without dots. Only a dotless letter in a text makes this resemblance count.
SHAPES = {
    **dict.fromkeys("بپتثنیيىٮںٹټڻ", "ٮ"),
    **dict.fromkeys("جچحخڄڃ", "ح"),
    **dict.fromkeys("دذڈډ", "د"),
    **dict.fromkeys("رزژڑړ", "ر"),
    **dict.fromkeys("سشښ", "س"),
    **dict.fromkeys("صض", "ص"),
    **dict.fromkeys("طظ", "ط"),
    **dict.fromkeys("عغ", "ع"),
    **dict.fromkeys("فقڡٯڤ", "ڡ"),
    **dict.fromkeys("کكگڪګ", "ک"),
}
DOTLESS = "ٮںڡٯ"

# Latin letters that compatibility forms do not reach.
PLAIN = {
    "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "ſ": "s", "ƀ": "b", "ɉ": "j",
    "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ʿ": "", "ʾ": "", "ʻ": "", "ʼ": "",
}  # fmt: skip
# First letters of alphabets of pictures that Unicode does not decompose: circled, squared, flags.
PICTURES = (0x1F150, 0x1F170, 0x1F1E6)
