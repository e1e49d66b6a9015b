"""Three hundred hostile strings: scripts, markup, closing tags, formulas, controls, directions."""

# ruff: noqa: E501  (strings are easier to read unbroken)
from __future__ import annotations

CALL = "window.__ran=(window.__ran||0)+1"
TAGS = (
    "<script>{c}</script>", "<img src=x onerror={c}>", "<svg onload={c}>", "<svg><script>{c}</script></svg>",
    "<iframe srcdoc='<script>parent.{c}</script>'></iframe>", "<iframe src=javascript:{c}></iframe>",
    "<a href=javascript:{c} autofocus onfocus={c}>x</a>", "<input autofocus onfocus={c}>", "<details open ontoggle={c}>x",
    "<video><source onerror={c}></video>", "<body onload={c}>", "<math><mtext></math><img src=x onerror={c}>",
    "<link rel=stylesheet href=https://evil.example/x.css>", "<style>@import 'https://evil.example/y.css';</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>", "<base href=https://evil.example/>",
    "<form action=https://evil.example><button autofocus>x</button></form>", "<object data=https://evil.example/a></object>",
    "<embed src=https://evil.example/b>", "<img src=https://evil.example/c.png>", "<audio src=https://evil.example/d autoplay>",
    "<marquee onstart={c}>x</marquee>", "<template><script>{c}</script></template>", "<dialog open onclose={c}>x</dialog>",
    "<button popovertarget=q onbeforetoggle={c}>x</button>",
)  # fmt: skip
BREAKS = (
    "{t}", '"{t}', "'{t}", '">{t}', "'>{t}", "</script>{t}", "<!--<script>{t}", "</style>{t}", "</title>{t}", "</textarea>{t}",
    "-->{t}", "]]>{t}",
)  # fmt: skip
OTHERS = (
    "javascript:{c}", "data:text/html,<script>{c}</script>", "';{c};'", '";{c};"', "${{{c}}}", "{{{{constructor.constructor('{c}')()}}}}",
    "\\u003cscript\\u003e{c}", "&lt;script&gt;{c}&lt;/script&gt;", "&#60;script&#62;{c}", "\u2028{c}\u2029", "__proto__", "constructor",
    "toString", "=cmd|' /C calc'!A0", "\u202e\u2066{c}\u202d", "\x00\x1b[31m{c}\x7f", "%3Cscript%3E{c}", "<" * 200, "\ufeff<script>{c}",
    "ａ＜script＞{c}", "\u0301" * 60, "#N1", "\" autofocus onfocus={c} x=\"", "' style='x:expression({c})", "<script", "</", "<!--", "<![CDATA[",
    "\n\n\n", "🚢" * 40,
)  # fmt: skip


def payloads(count: int = 300) -> list[str]:
    """`count` different strings, deterministic."""
    out: list[str] = []
    for turn, tag in enumerate(TAGS):
        for step in range(len(BREAKS)):
            out.append(BREAKS[(step + turn) % len(BREAKS)].format(t=tag.format(c=CALL)))
    out = out[: count - len(OTHERS)] + [text.format(c=CALL) for text in OTHERS]
    return list(dict.fromkeys(out))[:count]
