"""Texts that would do something if they were let through, and how a page looks that lets nothing through."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=http://127.0.0.1:9/x.js></sCrIpT>",
    "<script/xss>alert(1)//",
    '<img src=x onerror="alert(1)">',
    '<img src="http://127.0.0.1:9/pixel.png">',
    "<p onclick=alert(1) onmouseover='alert(1)'>tekst</p>",
    "<body onload=alert(1)>",
    '<a href="javascript:alert(1)">klik</a>',
    '<a href=" java\nscript:alert(1)">klik</a>',
    '<a href="&#106;avascript&colon;alert(1)">klik</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">klik</a>',
    '<a href="vbscript:msgbox(1)">klik</a>',
    '<a href="//127.0.0.1:9/elders">klik</a>',
    '<a href="https://duoplus.example" target="_blank" onclick="alert(1)" style="position:fixed">klik</a>',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"/></svg>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math href="javascript:alert(1)">x</math>',
    "<style>@import 'http://127.0.0.1:9/x.css'; body{background:url(http://127.0.0.1:9/x)}</style>",
    '<p style="background:url(http://127.0.0.1:9/x)">tekst</p>',
    '<link rel=stylesheet href="http://127.0.0.1:9/x.css">',
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    '<base href="http://127.0.0.1:9/">',
    '<iframe src="http://127.0.0.1:9/"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="http://127.0.0.1:9/"></object><embed src="http://127.0.0.1:9/">',
    '<form action="http://127.0.0.1:9/"><input autofocus onfocus=alert(1)><button>x</button></form>',
    '<video src="http://127.0.0.1:9/v" autoplay><audio src=x onerror=alert(1)>',
    '<span data-footnote="" onmouseover="alert(1)">noot <script>alert(1)</script></span>',
    "<table background='http://127.0.0.1:9/x'><tr><td colspan=100000000 rowspan=-1 onclick=alert(1)>x</table>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><img src=x onerror=alert(1)></template>",
    '<p id="inhoud" class="button" name="body">tekst</p>',
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title></title><style></style></textarea><script>alert(1)</script>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<p>onbalans <strong>van <em>alles</strong> open<table><p>x<tr><td>",
    "</p></div></main></body></html><script>alert(1)</script>",
    "{{ 7|add:7 }}{% load static %}{% include '/etc/passwd' %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "=cmd|' /C calc'!A0",
    "'\"><script>alert(1)</script>",
    "\u202etxet\u200b\ufeff",
]

TOWER = "<ul><li>" * 200 + "diep" + "</li></ul>" * 200
"""Two hundred nested lists: refused, because the PDF could not be laid out."""


OWN_PICTURE = re.compile(r"/[a-z]+/(edities/\d+/omslag/|rapporten/onderdelen/\d+/voorbeeld/\d+/\d+/\?[0-9a-f]{16})")
"""The only pictures on a page: covers of editions and pages of previews."""


class Reader(HTMLParser):
    """All start tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def assert_harmless(page: str) -> None:
    """Nothing in the page runs, is fetched from elsewhere or leads to a script; its own parts are known."""
    for tag, attributes in Reader(page).tags:
        assert tag not in {"iframe", "object", "embed", "base", "video", "audio", "math"}
        assert tag != "img" or OWN_PICTURE.fullmatch(attributes["src"])
        assert not [name for name in attributes if name.startswith("on")]
        assert "style" not in attributes
        assert "127.0.0.1:9" not in "".join(attributes[name] for name in ("src", "action") if name in attributes)
        if tag in {"script", "style"}:
            assert "nonce" in attributes or attributes["src"].startswith("/static/")
        if tag == "form":
            assert attributes.get("action", "/").startswith("/")
        address = attributes.get("href", "/")
        assert address.startswith(("/", "#", "?")) or urlsplit(address).scheme in {"https", "http", "mailto"}
        assert not address.startswith("//")
