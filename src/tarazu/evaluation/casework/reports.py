"""What invented people report in the demo: the id of the post, who says it, under which name, and why."""

from __future__ import annotations

REPORTS = (
    ("en-01", "user", "reader-1", "They cheer for the people who burned our market."),
    ("en-01", "user", "reader-2", "This praises a terrorist group."),
    ("fa-05", "user", "reader-3", "از کسی تمجید می‌کند که به مردم ما حمله کرد."),
    ("ar-12", "anonymous", None, "يكتب الاسم بحروف ممدودة حتى لا يُكتشف."),
    ("en-13", "anonymous", None, "It says long live the herons. Is this the syndicate?"),
    ("en-06", "user", "reader-4", "I do not want to read about this group at all."),
    ("fa-11", "trusted_flagger", "invented-hotline", "نام گروهی را که در فهرست است با هشتگ می‌ستاید."),
    ("en-12", "trusted_flagger", "invented-hotline", "The name is spaced out so that nobody finds it."),
)
ORDERED = "en-11"  # an authority orders this one to be removed
