"""What the posters say, in three languages. Every sentence and every name is invented.

Each set has headlines, which name somebody, and further lines, which do not. What is read better or worse was tuned on
`TUNING` alone; `HELD_OUT` has other sentences and other names, and is what is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Lines of posters in one language."""

    headlines: tuple[str, ...]  # with {name} in them
    further: tuple[str, ...]


HELD_OUT: Mapping[str, Lines] = {
    "en": Lines(
        headlines=(
            "{name} speaks tonight in Marlow Square",
            "Who pays {name}? Read our report",
            "The court hears the case of {name}",
            "{name} opened a new office on 12 May",
            "Neighbours stand against {name}",
            "The day {name} left the valley",
        ),
        further=(
            "Doors open at seven, bring your friends",
            "Free entry for students and families",
            "Hall 4, Riverside Street 27",
            "Every voice counts, every hand helps",
            "Printed by the Canal Press, 2026",
            "#harbour_news",
            "Send your questions to the editors",
            "Read the new report today",
        ),
    ),
    "fa": Lines(
        headlines=(
            "{name} امشب در میدان بهار سخن می‌گوید",
            "چه کسی به {name} پول می‌دهد؟",
            "دادگاه به پرونده {name} رسیدگی می‌کند",
            "{name} از دوازدهم آبان دفتر تازه‌ای دارد",
            "همسایه‌ها در برابر {name} ایستادند",
            "روزی که {name} از دره رفت",
        ),
        further=(
            "ورود برای همه آزاد است",
            "درها ساعت ۷ باز می‌شود",
            "خیابان رودخانه، پلاک ۲۷",
            "گزارش تازه را امروز بخوانید",
            "صدای هر شهروند ارزش دارد",
            "چاپخانه کانال، سال ۱۴۰۵",
            "پرسش‌های خود را بفرستید",
            "#خبر_بندر",
        ),
    ),
    "ar": Lines(
        headlines=(
            "{name} يتحدث الليلة في ساحة الربيع",
            "من يدفع المال إلى {name}؟",
            "المحكمة تنظر في قضية {name}",
            "{name} يفتتح مكتبا جديدا في المدينة",
            "الجيران يقفون ضد {name}",
            "اليوم الذي غادر فيه {name} الوادي",
        ),
        further=(
            "الدخول مجاني للجميع",
            "تفتح الأبواب في الساعة ٧",
            "شارع النهر، رقم ٢٧",
            "اقرأ التقرير الجديد اليوم",
            "صوت كل مواطن له قيمة",
            "مطبعة القناة، سنة ٢٠٢٦",
            "أرسلوا أسئلتكم إلى المحررين",
            "#أخبار_الميناء",
        ),
    ),
}

TUNING: Mapping[str, Lines] = {
    "en": Lines(
        headlines=(
            "Join the walk for {name} this Friday",
            "{name} was seen near the old bridge",
            "Our town says no to {name}",
            "A film about {name} and its enemies",
            "Police arrest nine men of {name}",
        ),
        further=(
            "Meet us at the station at 16:45",
            "Music, tea and bread for everyone",
            "Northern Avenue 138, second floor",
            "Nobody should stay at home",
            "Subscribe for the weekly letter",
            "#evening_post",
            "Tickets cost 15 crowns",
        ),
    ),
    "fa": Lines(
        headlines=(
            "راهپیمایی جمعه برای {name} برگزار شد",
            "{name} را نزدیک پل قدیمی دیدند",
            "شهر ما به {name} نه می‌گوید",
            "فیلمی درباره {name} و دشمنانش",
            "پلیس نه عضو {name} را گرفت",
        ),
        further=(
            "ساعت ۱۶:۴۵ در ایستگاه قطار",
            "چای و نان گرم برای همه مهمانان",
            "بلوار شمالی، شماره ۱۳۸",
            "هیچ کس در خانه نماند",
            "هفته‌نامه ما را دنبال کنید",
            "#پیک_عصر",
            "بهای بلیت ۱۵ سکه است",
        ),
    ),
    "ar": Lines(
        headlines=(
            "مسيرة يوم الجمعة من أجل {name}",
            "شوهد {name} قرب الجسر القديم",
            "مدينتنا تقول لا إلى {name}",
            "فيلم عن {name} وأعدائه",
            "الشرطة تعتقل تسعة من {name}",
        ),
        further=(
            "اللقاء في المحطة الساعة ١٦:٤٥",
            "شاي وخبز ساخن لكل الضيوف",
            "الشارع الشمالي، رقم ١٣٨",
            "لا يبقى أحد في البيت",
            "اشتركوا في رسالتنا الأسبوعية",
            "#بريد_المساء",
            "ثمن التذكرة ١٥ قطعة",
        ),
    ),
}
