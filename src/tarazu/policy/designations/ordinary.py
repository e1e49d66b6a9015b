"""Names that are ordinary words or everybody's names, and would name the innocent.

The rule, on the folded name: it is ordinary when it has at most 3 letters; when it is one to three words, all of
them on the lists of ordinary words, of places or of words of trade; or when it is a person's and is one word, a
title with one word, or given names only. Names in Chinese, Japanese or Korean letters are exempt from the rules
about length.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

SHORTEST = 4  # letters of a name that may stand alone

WORDS = """
the al el la of for and a in
base front army movement party youth state group way path brigade brigades battalion organization organisation
jihad islamic muslim union council committee foundation trust network order wing unity force forces fighters
soldiers lions eagles hawks falcons wolf wolves brotherhood brothers sons storm dawn victory hope light freedom
liberation national people peoples revolution revolutionary left right popular resistance struggle defenders
guardians supporters helpers partisans martyrs martyr caravan call mission cell family gang angels shadow system
cartel company office house center centre bank school society association relief aid charity red black white blue
green september november north south east west northern southern eastern western young new united international
world global free active club boys proud patriots patriot saints knights hammer skins storm iron legion vanguard
القاعدة الجهاد حماس طالبان الشباب الدولة الجبهة النصرة الحزب الحركة الجماعة الكتيبة اللواء السرايا الجيش الجند
الأنصار المرابطون الإخوان الفرقان الرشيد الرحمة النور النجباء الأمة الأقصى الفتح الإسلامية الإسلامي الاتحاد
التوحيد العصائب المجاهدين المجاهدون التنظيم المنظمة الشبكة البركة الحق الوفاق الهلال السلام النهضة العدل
پایگاه جبهه جنبش حزب ارتش سپاه گروه جوانان دولت نصرت شبکه جماعت جهاد فدائیان مجاهدین مجاهد راه خلق پیکار طلبه
انصار سازمان اتحاد گردان لشکر بسیج پیروزی امید آزادی انقلاب مقاومت قدس نور فجر صبح عدالت
"""
PLACES = """
afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain bangladesh belarus belgium
bolivia bosnia brazil britain bulgaria cambodia cameroon canada chad chile china colombia congo croatia cuba cyprus
denmark ecuador egypt england eritrea estonia ethiopia finland france gaza georgia germany ghana greece guatemala haiti
honduras hungary india indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya korea kosovo
kuwait kyrgyzstan laos latvia lebanon liberia libya lithuania malaysia mali malta mauritania mexico moldova mongolia
morocco mozambique myanmar nepal netherlands nicaragua niger nigeria norway oman pakistan palestine panama paraguay peru
philippines poland portugal qatar romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia
spain sudan sweden switzerland syria taiwan tajikistan tanzania thailand tunisia turkey turkmenistan uganda ukraine
uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe africa america asia europe arabia balkans caucasus
baghdad beirut berlin brussels cairo damascus delhi dubai geneva hamburg havana istanbul jakarta jerusalem kabul karachi
kiev kyiv lagos lahore london madrid manila moscow mumbai nairobi paris rome tehran tokyo tripoli tunis vienna
washington sanaa aden basra mosul aleppo homs idlib
ایران عراق سوریه لبنان فلسطین افغانستان پاکستان ترکیه مصر یمن لیبی سودان سومالی روسیه چین تهران بغداد دمشق بیروت کابل
سوريا العراق لبنان فلسطين اليمن ليبيا السودان الصومال تركيا روسيا الصين بغداد دمشق بيروت القاهرة غزة القدس
"""
TRADE = """
private holding holdings offshore off shore on
gmbh limited ltd llc inc corp corporation co intercontinental continental general
import export trading trade petroleum oil gas marine shipping lines transport transportation logistics energy
engineering construction investment investments finance exchange service services industry industries commercial
business nation building airlines air cargo hotel motors electronics telecom media press radio television
"""
TITLES = """
abu abou abo ibn bin umm um haji hajji hajj mullah mulla maulavi mawlawi qari sheikh shaykh sheik dr doctor colonel
general commander captain major mr sayed sayyid el al
ابو ام ابن بن حاجی حاج ملا مولوی قاری شیخ دکتر سید سردار
"""
GIVEN = """
abdul abdel abd abdullah abdallah ahmad ahmed ali amin amir anwar aziz bashir faruq farid fatima habib hadi hakim
hamid hamza hasan hassan husain husayn hussein ibrahim idris ismail jamal karim khalid khaled khalil mahdi mahmoud
mahmud majid malik mohamed mohammad mohammed muhammad muhammed musa mustafa nasir omar osama umar othman qasim rahim
rahman rashid reza sad said saeed salah saleh salih salim samir sulayman suleiman tariq tahir usman walid yahya yasin
yasir younis yunus yusuf yousef zubair juan jose carlos luis miguel antonio manuel pedro jorge francisco ivan sergei
aleksandr alexander vladimir dmitri john david michael james robert
محمد احمد علی حسن حسین عبدالله عبد الله الرحمن عبدالرحمن ابراهیم عمر عثمان خالد یوسف محمود مصطفی رضا مهدی سعید صالح
"""
_CJK = range(0x1100, 0x1200), range(0x3040, 0x3100), range(0x4E00, 0xA000), range(0xAC00, 0xD7B0)


def folded(texts: Sequence[str]) -> list[str]:
    """The texts as a reader would call them the same: see `tarazu.text.normalise.folded`."""
    import polars as pl

    from tarazu.text import normalise

    # An apostrophe inside a name stands for a letter and parts no words: Sa'id is one.
    whole = pl.Series(texts, dtype=pl.String).str.replace_all(r"(\p{L})['’‘`ʿʾ](\p{L})", "$1$2")
    return [text or "" for text in normalise.folded(whole)]


@cache
def _known(words: str) -> frozenset[str]:
    return frozenset(_without_article(word) for text in folded(words.split()) for word in text.split())


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def ordinary(texts: Sequence[str], persons: Sequence[bool]) -> list[bool]:
    """For every name, given whether it is a person's: is it too ordinary to stand alone?"""
    return [_is_ordinary(text, person) for text, person in zip(folded(texts), persons, strict=True)]


def _is_ordinary(text: str, person: bool) -> bool:
    words = [_without_article(word) for word in text.split()]
    letters = sum(map(len, words))
    own_letters = any(ord(letter) in block for letter in text for block in _CJK)
    if (letters < SHORTEST and not own_letters) or not words:
        return True
    if len(words) <= 3 and all(word in _known(WORDS + PLACES + TRADE) for word in words):
        return True
    if not person or own_letters:
        return False
    titled = [word for word in words if word not in _known(TITLES)]
    return len(titled) <= 1 or (all(word in _known(GIVEN) for word in titled) and len(titled) <= 2)
