"""From markup to plain text: HTML, Markdown, entities, odd white space and control signs.

What stays: lines (block elements and list items each on their own), `- ` for every kind of bullet, headings on their
own line, one blank line at most between paragraphs. What goes: tags, scripts, styles, link targets, emphasis marks,
zero-width signs. A lost line break comes back ("TableauKennis van …"). Text is NFC. `C#`, `C++`, `R&D`, `a < b`, `.NET`
and `5*3` come through whole.
"""

from __future__ import annotations

import html
import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser, LexborNode

from overstap.ads.names import word_set

_BLOCK = word_set(
    """
    address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1
    h2 h3 h4 h5 h6 header hr html legend main menu nav ol p pre section summary table tbody tfoot thead tr ul
    """
)
_PARAGRAPH = word_set("p h1 h2 h3 h4 h5 h6 ul ol table blockquote dl")
_DROPPED = word_set("script style noscript template head title iframe object svg math select textarea button")
_INLINE = word_set(
    """
    a abbr acronym b bdi bdo big br button caption cite code col colgroup data del dfn em font head i iframe img input
    ins kbd label li link mark meta noscript object option q s samp script select small span strike strong style sub sup
    svg td template textarea th time title tt u var wbr o:p
    """
)
# "(?a:": the sign "ſ" is an s in small letters to a pattern, and in no name of a tag.
_ANY_TAG = rf"/?(?a:{'|'.join(sorted(_BLOCK | _INLINE))})\b|!--|!doctype\b|\?xml\b"
_TAG = re.compile(rf"<(?:{_ANY_TAG})", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"<(?a:{'|'.join(sorted(_BLOCK))}|br|li|td)\b", re.IGNORECASE)
_ESCAPED_TAG = re.compile(
    r"&(?:amp;)*(?:lt|#60|#x3c);/?(?:p|br|div|span|ul|ol|li|strong|b|em|i|h[1-6]|a|table|tr|td)\b", re.IGNORECASE
)
_LONE_LESS = re.compile(rf"<(?!{_ANY_TAG})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NEST = re.compile(r"<(/?)(?!(?:p|li|d[dt]|t[rdh]|br|hr|img|input|wbr|col|link|meta|option)\b)[a-z]", re.IGNORECASE)
_WHOLE_TAG = re.compile(r"</?[a-z!?][^<>]{0,2000}>", re.IGNORECASE)
_DEEPEST = 200  # elements in one another; a tree of ten thousand levels takes a parser a minute to walk
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n\s*")
_SPACES = re.compile(r"\s+")

# Markdown, line by line: by then a line has no space at its ends and no two in a row. An escaped sign is kept apart
# in the private-use area while the marks are taken out, then put back. Every pattern starts with a literal (a line with
# its newline): the regex engine finds that many times faster than an anchor.
ESCAPABLE = "\\`*_{}[]()#+-.!|>~&<\"'$%,:;/=?@^"
_ESCAPE = re.compile(rf"\\([{re.escape(ESCAPABLE)}])")
_ESCAPED = re.compile("[\ue020-\ue07e]")
_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\([^()\s]{0,2000}(?: \"[^\"\n]*\")?\)")
_LINK = re.compile(
    r"\[(\[?[^\[\]\n]{0,300}\]?)\]\(<?(?:https?:|mailto:|tel:|www\.|/|#|\[)"
    r"[^()\s]{0,2000}(?:\([^()\s]*\)[^()\s]*)?(?: \"[^\"\n]*\")?\)"
)
_MARKS = frozenset(("EMAIL", "PHONE", "NAME", "URL", "IBAN", "BSN"))
_HEADING = re.compile(r"\n#{1,6} ([^\n]*?)(?: #+)?(?=\n)")
_RULE = re.compile(r"\n(?:(?:- ?){3,}|(?:\* ?){3,}|(?:_ ?){3,}|={3,}|#{2,}|`{3,}\w*)(?=\n)")
_STAR_BULLET = re.compile(r"\n[*+] (?=\S)")
_STRONG = re.compile(r"\*\*(?:(?<!\w\*\*)|(?=\S)(?:(?<!\d\*\*)|(?!\d)))\*?(?!\*) ?([^*\n]+?) ?\*{2,3}(?!\*)")
_LOOSE_START = re.compile(r"\n\*{2,} ?")
_LOOSE_END = re.compile(r"\*\*(?<!\d\*\*)\** ?(?=\n)")
_EMPHASIS = re.compile(r"\*(?<![\w*]\*)(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])")
_STRONG_LINE = re.compile(r"__(?<!\w__)(?=[^\s_])([^\n]*?[^\s_])__(?!\w)")
_MARKDOWN_SIGNS = ("*", "\\", "#", "](", "__", "_ _", "--", "- -", "===", "```", "\n+ ")

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ue000-\uefff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Marks put on one letter beyond the thirty of Unicode's stream-safe format, over which normalising is not linear.
_STACKED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0730-\u074a\u08d3-\u08ff"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe20-\ufe2f]{31,}"
)
_WIDE_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Words that open a line or a sentence and end no name ("JavaScript", "LinkedIn"): where one is glued to a word in small
# letters ("TableauKennis van …"), the feed lost a line break. By first letter, for speed: one set, then few words.
OPENERS = {
    "A": "ls|antoonbare|ffiniteit|bility|rbeidsvoorwaarden", "B": "en|ij|eheersing", "C": "ollaborate",
    "D": "it|evelop", "E": "en|rvaring|xcellent|xperience|nsure", "F": "amiliarity|luent|unctieomschrijving",
    "G": "oede", "H": "et|oe|eb", "J": "e|ij|ouw", "K": "ennis|nowledge", "M": "inimaal|inimum|ust", "N": "ice to have",
    "P": "roven|roficiency|roficient|referred", "Q": "ualifications", "R": "equirements|esponsibilities", "S": "trong",
    "U": "itstekende|nderstanding", "V": "aardigheden", "W": "at|hat|ij|erkzaamheden", "Y": "our",
}  # fmt: skip
_GLUED = re.compile(
    rf"[{''.join(OPENERS)}](?<=[a-zß-ÿ][a-zß-ÿ].)"
    rf"(?:{'|'.join(f'(?<={first})(?:{rest})' for first, rest in OPENERS.items())})(?![a-zß-ÿ])"
)
DOTS = "•◦▪▫●○■□∙·‣⁃➢➤►▶✓✔✅❖★☆\uf000-\uf0ff"
TIGHT_DOTS = "•◦▪●■∙‣➢➤►✓✔❖\uf0a7\uf0b7\uf0d8"
_BULLET = re.compile(rf"\n(?:[{DOTS}»–—-]+ (?=\S)|[{TIGHT_DOTS}]+(?=\w))")


def clean_text(text: str) -> str:
    """`text` without markup, as plain lines in NFC. Never raises; what has no markup left comes back the same.

    `overstap.ads.clean_rows` gives the same for whole columns, compiled.
    """
    text = _trimmed(f"\n{_plain_signs(without_html(text))}\n")
    if any(sign in text for sign in _MARKDOWN_SIGNS):
        text = _trimmed(_without_markdown(text))
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", _STACKED.sub(_topped, text))
    text = _BULLET.sub("\n- ", text)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return _GLUED.sub(r"\n\g<0>", text.strip())


def without_html(text: str) -> str:
    """`text` with tags made lines and entities made characters; without any it comes back the same."""
    if "<" not in text and "&" not in text:
        return text
    for _ in range(3):
        # Feeds encode markup once or twice on the way; unwrap it until it shows as tags.
        if _TAG.search(text) or not _ESCAPED_TAG.search(text):
            break
        text = _ENTITY.sub(_unescape, text)
    if _TAG.search(text):
        if "<![CDATA[" in text:
            text = text.replace("<![CDATA[", "").replace("]]>", "")
        text = _WHOLE_TAG.sub("\n", text) if _is_hostile(text) else _html_to_text(text)
    for _ in range(3):
        changed = _ENTITY.sub(_unescape, text)
        if changed == text:
            break
        text = changed
    return text


def _is_hostile(text: str) -> bool:
    """Whether elements stand in one another so deep that no page is meant: then tags are only cut out."""
    if text.count("<") <= _DEEPEST:
        return False
    depth = deepest = 0
    for found in _NEST.finditer(text):
        depth += -1 if found[1] else 1
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _topped(match: re.Match[str]) -> str:
    return match[0][:30]


def _unescape(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def _html_to_text(text: str) -> str:
    # Where no tag makes lines, the line breaks of the text itself are its lines.
    keep_lines = not _BLOCK_TAG.search(text)
    body = LexborHTMLParser(_LONE_LESS.sub("&lt;", text)).body
    if body is None:
        return ""
    out: list[str] = []
    node: LexborNode | None = body.child
    while node is not None:
        tag = node.tag
        if tag == "-text":
            out.append(_text_node(node.text(deep=False) or "", keep_lines))
        elif tag and tag not in _DROPPED and not tag.startswith("-"):
            _open(tag, out)
            if node.child is not None:
                node = node.child
                continue
            _close(tag, out)
        while node.next is None:
            node = node.parent
            if node is None or node.mem_id == body.mem_id:
                return "".join(out)
            _close(node.tag, out)
        node = node.next
    return "".join(out)


def _text_node(text: str, keep_lines: bool) -> str:
    if keep_lines:
        return text
    # An empty line inside a text node is a paragraph that the feed forgot to mark up.
    return "\n\n".join(_SPACES.sub(" ", part) for part in _BLANK_LINES.split(text)) if "\n" in text else text


def _open(tag: str, out: list[str]) -> None:
    last = out[-1] if out else "\n"
    if tag == "br":
        out.append("\n")
    elif tag == "li":
        out.append("- " if last.endswith("\n") else "\n- ")
    elif tag in ("td", "th"):
        out.append(" ")
    elif last.endswith("- "):
        return  # a block that opens a list item stays on the line of its bullet
    elif tag in _PARAGRAPH:
        out.append("\n\n")
    elif tag in _BLOCK and not last.endswith("\n"):
        out.append("\n")


def _close(tag: str | None, out: list[str]) -> None:
    if tag in _PARAGRAPH:
        out.append("\n\n")
    elif (tag in _BLOCK or tag == "li") and not (out and out[-1].endswith("\n")):
        out.append("\n")


def _plain_signs(text: str) -> str:
    """Every line break as a newline, every space as a plain one, no control, invisible or private sign."""
    # Everything but letters, signs and plain spaces is unprintable to Python: control and format signs, odd spaces.
    if not text.replace("\n", "").isprintable():
        text = _WIDE_SPACE.sub(" ", _LINE_BREAK.sub("\n", text))
        if not text.replace("\n", "").isprintable():
            text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", _INVISIBLE.sub("", text)))
    return text


def _trimmed(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace(" \n", "\n").replace("\n ", "\n")


def _without_markdown(text: str) -> str:
    escapes = "\\" in text
    if escapes:
        text = _ESCAPE.sub(_hide, text)
    if "](" in text:
        text = _LINK.sub(_label, _IMAGE.sub("", text))
    if "#" in text:
        text = _HEADING.sub(r"\n\1", text)
    text = _STAR_BULLET.sub("\n- ", _RULE.sub("\n", text))
    if "*" in text:
        if "**" in text:
            text = _LOOSE_END.sub("", _LOOSE_START.sub("\n", _STRONG.sub(r"\1", text)))
        text = _EMPHASIS.sub(r"\1", text)
    if "__" in text:
        text = _STRONG_LINE.sub(r"\1", text)
    return _ESCAPED.sub(_show, text) if escapes else text


def _label(match: re.Match[str]) -> str:
    return f"[{match[1]}]" if match[1] in _MARKS else match[1]


def _hide(match: re.Match[str]) -> str:
    return chr(0xE000 + ord(match[1]))


def _show(match: re.Match[str]) -> str:
    return chr(ord(match[0]) - 0xE000)
