"""What a scenario's name may hold: words that can do nothing but be read.

A name comes with a link, from whoever wrote it, and is shown in pages and documents that look
like their publisher's. So it is letters of the two languages, digits and signs that no address,
formula, tag or path is made of, it is short, and it stands in quotes beside what it is.
"""

from __future__ import annotations

import re
import unicodedata

#: Characters in all; digits among them, so that no telephone number is a name.
MOST, DIGITS = 40, 8
_LETTER = "A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u3400-\u4dbf\u4e00-\u9fff"
_SIGN = "\\-\u2013,\uff0c\u3001\u00b7()\uff08\uff09+\uff1a"
_WHOLE = re.compile(rf"[{_LETTER}](?: ?(?:[{_LETTER}{_SIGN}]|%(?![{_LETTER}])))*")


def name_in(text: str) -> str:
    """Return a name as it may be shown, "" if it may not: the rule is the page's own.

    Examples
    --------
    >>> name_in(" 稳健方案 40% ")
    '稳健方案 40%'
    >>> name_in("see evil.example")
    ''
    """
    if len(text) > 4 * MOST:
        return ""
    name = unicodedata.normalize("NFC", text).strip(" ")
    digits = sum(letter in "0123456789" for letter in name)
    return name if len(name) <= MOST and _WHOLE.fullmatch(name) and digits <= DIGITS else ""
