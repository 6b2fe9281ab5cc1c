"""The compiled masking of names, and the compiled search for addresses and numbers that `overstap.ads.mask` then
looks at.

The search may name a kind that a text does not hold, never leave out one that it does; most texts have none.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.bits import first_out, load8, small_letters
from overstap.ads.clean_tables import CHARACTERS
from overstap.ads.compiled import ZERO, Array, kernel, part, read_character
from overstap.ads.mask_full_kernel import full_name, may_begin
from overstap.ads.mask_judge_kernel import after_trigger, before_mark, glued_name, has_labels
from overstap.ads.mask_tables import ADDRESS, BRACKET, CAPITAL, DIGIT, GAP, HIGH, NOTHING, SIGN, MaskTables
from overstap.ads.mask_text_kernel import is_digit, is_letter, is_word, is_word_byte, says, stands

PHONE, EMAIL, SPELLED, LOST, PROFILE, IBAN, BSN, UNSURE = (1 << bit for bit in range(8))
"""Bits of a text: the kinds that may stand in it; the last for one that is left to Python, with characters beyond the
tables or more names than there is room for."""
KINDS = PHONE, EMAIL, SPELLED, LOST, PROFILE, IBAN, BSN  # in the order of `overstap.ads.mask.Kinds`

_EMAIL_MARK, _PHONE_MARK, _NAME_MARK, _GLUED_MARK, _LABEL = (
    np.frombuffer(word, np.uint8) for word in (b"[EMAIL]", b"[PHONE]", b"[NAME]", b"Name [NAME] ", b"Name")
)
_TAIL, _AT, _LINKEDIN, _IN, _PUB = (
    np.frombuffer(word, np.uint8) for word in (b"apenstaartje", b"at", b"linkedin.com", b"in/", b"pub/")
)
_REACH = 600  # bytes before and behind a name within which masking it may bring something new to light


@kernel()
def mask_rows(
    data: Array, starts: Array, ends: Array, judged: Array, t: MaskTables, out: Array, read: Array, bounds: Array,
    found: Array, counts: Array, spans: Array, spare: Array, scratch: Array,
) -> int:  # fmt: skip
    """Mask the names in each text until there are none, into `out` (three bytes for one of `data`), text i from
    `bounds[i]` on; gives the bytes written.

    A text that may hold addresses or numbers stays as it is then, with their kinds in `found`, but for the kinds that
    `judged` (uint8) tells that it does not hold. Adds names masked to `counts`. `read` is `out` for reading only, as
    `data` is: else everything would be compiled twice. `spans` (int64[3, room]), `spare` (uint8, three for each byte of
    the longest text) and `scratch` (uint8[64]) are for use inside.
    """
    written = ZERO
    for row in range(starts.shape[0]):
        bounds[row] = written
        start, end = starts[row], ends[row]
        kinds, n = _find(data, start, end, start, end, t, spans, scratch)
        kinds &= ~judged[row]
        found[row] = kinds
        if kinds or n == 0:
            written = _copied(data, start, end, out, written)
            continue
        counts[row] += n
        stop = _replaced(data, start, end, spans, n, out, written)
        found[row], n, written = _again(out, read, written, stop, t, spans, n, spare, scratch)
        counts[row] += n
    bounds[starts.shape[0]] = written
    return written


@part
def _again(
    out: Array, read: Array, start: int, end: int, t: MaskTables, spans: Array, n: int, spare: Array, scratch: Array
) -> tuple[int, int, int]:
    """Masks on where the last round changed something in `out[start:end]` until nothing is found: (kinds that may be
    there now, names masked, new end)."""
    total = ZERO
    while True:
        low, high = _changed(out, start, end, spans, n)
        kinds, n = _find(read, start, end, low, high, t, spans, scratch)
        if kinds:
            return kinds | _find(read, start, end, start, end, t, spans, scratch)[0], total, end
        if n == 0:
            return 0, total, end
        total += n
        size = _copied(out, start, end, spare, ZERO)
        end = _replaced(spare, ZERO, size, _moved(spans, n, start), n, out, start)


@part
def _changed(out: Array, start: int, end: int, spans: Array, n: int) -> tuple[int, int]:
    """Where to look again after `_replaced`, which left the places of the marks in `spans`."""
    low, high = max(start, spans[0, 0] - _REACH), min(end, spans[1, n - 1] + _REACH)
    if spans[2, 0]:
        return start, end
    while low > start and out[low] & 0xC0 == 0x80:
        low -= 1
    return low, high


@part
def _moved(spans: Array, n: int, start: int) -> Array:
    for k in range(n):
        spans[0, k] -= start
        spans[1, k] -= start
    return spans


@part
def _copied(data: Array, start: int, end: int, out: Array, at: int) -> int:
    """Copies `data[start:end]` to `out` from `at` on; gives the end of it there."""
    for i in range(start, end):
        out[at + i - start] = data[i]
    return at + end - start


@part
def _replaced(data: Array, start: int, end: int, spans: Array, n: int, out: Array, at: int) -> int:
    """Copies `data[start:end]` to `out` from `at` on with a mark for each span, and has `spans` tell where these stand;
    gives the end of it there."""
    for k in range(n):
        at = _copied(data, start, spans[0, k], out, at)
        start = spans[1, k]
        mark = _GLUED_MARK if spans[2, k] else _NAME_MARK
        spans[0, k] = at
        at = _copied(mark, ZERO, mark.shape[0], out, at)
        spans[1, k] = at
    return _copied(data, start, end, out, at)


@part
def _find(
    data: Array, start: int, end: int, low: int, high: int, t: MaskTables, spans: Array, scratch: Array
) -> tuple[int, int]:
    """(kinds, number of names) that begin between `low` and `high` in `data[start:end]`; names go to `spans`, in
    order, without those that overlap an earlier one."""
    found, n, glued = 0, ZERO, 0
    heads, near = t.names.heads, t.names.near
    i = low
    whole = low if t.anywhere else end  # the end of the last name that was found by itself; none counts before it
    open_trigger = i == start or t.beside[data[i - 1]]  # a text begins like a word behind a gap
    while i < high or open_trigger:
        if open_trigger:
            open_trigger = False
            if i + 2 >= end:
                continue
            key = np.int64(0)
            for k in range(3):
                byte = data[np.uint64(i + k)]
                key = key << 5 | (np.int64(0) if t.beside[byte] else np.int64(byte) & 31)
            if t.group[key] == 0:
                continue
            stop, strong = _trigger(data, i, end, int(t.group[key]), t)
            if stop > 0:
                since = i if strong == ADDRESS else stop
                n = after_trigger(data, since, start, end, strong == 1, t.names, spans, n, scratch)
            continue
        byte = data[np.uint64(i)]
        action = t.action[byte]
        if action == NOTHING:
            i += 1
            while i + 8 <= high:  # the rest of a word: letters in lower case ask for nothing
                run = int(np.int64(first_out(small_letters(load8(data, i)))))
                i += run
                if run < 8:
                    break
            continue
        if action == GAP:
            open_trigger = True
            if byte == 46:
                if _may_be_lost(data, i, start, end):
                    found |= LOST
            elif byte == 47:
                if _is_profile(data, i, start, end):
                    found |= PROFILE
            elif byte == 40 and _is_spelled(data, i, end):
                found |= SPELLED
        elif action == DIGIT:
            last, kinds = _stretch(data, i, start, end, t)
            found |= kinds
            i = last
        elif action == SIGN:
            if _may_be_email(data, i, start, end):
                found |= EMAIL
        elif action == BRACKET:
            if _is_spelled(data, i, end):
                found |= SPELLED
            if stands(data, i, end, _EMAIL_MARK) or stands(data, i, end, _PHONE_MARK):
                n = before_mark(data, i, start, end, t.names, spans, n, scratch)
        elif action == HIGH:
            if read_character(data, i, end)[0] >= CHARACTERS:
                found |= UNSURE
        elif action == CAPITAL:
            if i >= whole and may_begin(data, i, start, end, heads, near):
                stop = full_name(data, i, start, end, t.names, scratch)
                if stop and n < spans.shape[1]:
                    spans[0, n], spans[1, n], spans[2, n] = i, stop, 0
                    n += 1
                    whole = stop
            if byte == 78 and stands(data, i, end, _LABEL):
                stop = glued_name(data, i, start, end, t.names)
                if stop and n < spans.shape[1] and has_labels(data, start, end):
                    spans[0, n], spans[1, n], spans[2, n] = i, stop, 1
                    n += 1
                    glued = 1
        i += 1
    if n >= spans.shape[1]:
        found |= UNSURE
    return found, _ordered(spans, n, glued)


@part
def _ordered(spans: Array, n: int, kind: int) -> int:
    """Puts the spans of `kind` in order, the longest first of those that begin together, without those that overlap an
    earlier one; gives their number."""
    m = 0
    for k in range(n):
        if spans[2, k] != kind:
            continue
        a, b = spans[0, k], spans[1, k]
        i = m
        while i > 0 and (spans[0, i - 1] > a or (spans[0, i - 1] == a and spans[1, i - 1] < b)):
            spans[0, i], spans[1, i] = spans[0, i - 1], spans[1, i - 1]
            i -= 1
        spans[0, i], spans[1, i] = a, b
        m += 1
    n = 0
    for k in range(m):
        if n == 0 or spans[0, k] >= spans[1, n - 1]:
            spans[0, n], spans[1, n], spans[2, n] = spans[0, k], spans[1, k], kind
            n += 1
    return n


@part
def _trigger(data: Array, at: int, end: int, group: int, t: MaskTables) -> tuple[int, int]:
    """(end of the trigger of `group` at `at` with the rest of its word, whether it is strong); (0, 0) for none."""
    for word in range(t.first_trigger[group], t.first_trigger[group + 1]):
        begin = t.trigger_start[word]
        size = t.trigger_start[word + 1] - begin
        if at + size > end:
            continue
        k = 0
        while k < size:
            sign, byte = t.trigger[begin + k], data[at + k]
            if 65 <= byte <= 90:
                byte |= 32
            if byte != sign and not (t.beside[sign] and t.beside[byte]):
                break
            k += 1
        if k < size:
            continue
        stop = at + size
        if is_letter(t.trigger[begin + size - 1]):
            stop = _rest(data, stop, end, t)
        return stop, int(t.strong[word])
    return 0, 0


@part
def _rest(data: Array, at: int, end: int, t: MaskTables) -> int:
    """The end of the word that goes on at `at`, where it is one of the endings of a trigger; else 0."""
    stop = at
    while stop < end and is_letter(data[stop]):
        stop += 1
    if stop < end and is_word(data, stop, end, t.names):
        return 0
    if stop == at:
        return stop
    for word in range(t.rest_start.shape[0] - 1):
        begin = t.rest_start[word]
        if t.rest_start[word + 1] - begin == stop - at:
            k = 0
            while k < stop - at and data[at + k] | 32 == t.rest[begin + k]:
                k += 1
            if k == stop - at:
                return stop
    return 0


@part
def _is_spelled(data: Array, at: int, end: int) -> bool:
    """Whether `(at)` of any kind stands at `at`."""
    at += 1
    if at < end and (data[at] == 32 or data[at] == 10):
        at += 1
    if says(data, at, end, _TAIL):
        at += 12
    elif says(data, at, end, _AT):
        at += 2
    elif at < end and data[at] == 64:
        at += 1
    else:
        return False
    if at < end and (data[at] == 32 or data[at] == 10):
        at += 1
    return at < end and (data[at] == 41 or data[at] == 93 or data[at] == 125)


@part
def _is_profile(data: Array, at: int, start: int, end: int) -> bool:
    return (
        at - start >= 12
        and says(data, at - 12, end, _LINKEDIN)
        and (says(data, at + 1, end, _IN) or says(data, at + 1, end, _PUB))
    )


@part
def _may_be_email(data: Array, at: int, start: int, end: int) -> bool:
    if at == start or at + 1 >= end or data[at - 1] == 32 or data[at - 1] == 10:
        return False
    i = at + 1
    while i < end and (is_letter(data[i]) or is_digit(data[i]) or data[i] == 45 or data[i] == 95 or data[i] >= 0x80):
        i += 1
    return i > at + 1 and i < end and data[i] == 46


@part
def _is_small(byte: int) -> bool:
    return 97 <= byte <= 122


@part
def _may_be_lost(data: Array, at: int, start: int, end: int) -> bool:
    """Whether the dot at `at` may be the first of a domain, one space behind a name with dots."""
    if at + 1 >= end or not _is_small(data[at + 1]):
        return False
    i = at - 1
    while i > start and (_is_small(data[i]) or is_digit(data[i]) or data[i] == 45):
        i -= 1
    if i <= start or i == at - 1 or data[i] != 32:
        return False
    i -= 1
    while i > start and (_is_small(data[i]) or data[i] == 39 or data[i] == 45 or data[i] >= 0x80):
        i -= 1
    return i > start and data[i] == 46 and (_is_small(data[i - 1]) or data[i - 1] in (39, 45) or data[i - 1] >= 0x80)


@part
def _stretch(data: Array, at: int, start: int, end: int, t: MaskTables) -> tuple[int, int]:
    """(last digit of the stretch of digits at `at`, kinds: PHONE, IBAN, BSN)."""
    i, last, inner, digits = at, at, 0, 0  # inner: bytes that begin no character
    zero = american = False
    group, before, earlier = 0, 0, 0  # digits of the group in hand and of the two before
    while i < end:
        byte = data[i]
        if is_digit(byte):
            if byte == 48 and group == 0:
                one = int(data[i - 1]) if i > start else 32
                two = int(data[i - 2]) if i > start + 1 else 32
                # After a digit and a dot, comma or hyphen a number goes on; else one may begin.
                zero = zero or not ((one == 46 or one == 44 or one == 45) and is_digit(two))
            group += 1
            digits += 1
            last = i
        else:
            if byte == 0xE2 and i + 2 < end and data[i + 1] == 0x80 and data[i + 2] == 0x93:
                i += 2
                inner += 2
            elif not (byte == 32 or byte == 40 or byte == 41 or byte == 46 or byte == 45 or byte == 47):
                break
            if group:
                american = american or (group == 4 and before == 3 and earlier == 3)
                earlier, before, group = before, group, 0
        i += 1
    american = american or (group == 4 and before == 3 and earlier == 3)
    kinds = 0
    two_digits = last > at and is_digit(data[at + 1])
    if two_digits and at - start >= 2 and 65 <= data[at - 1] <= 90 and 65 <= data[at - 2] <= 90:
        group = at + 2 + (at + 2 < end and data[at + 2] == 32)
        n = 0
        while n < 4 and group + n < end and (is_digit(data[group + n]) or 65 <= data[group + n] <= 90):
            n += 1
        if n == 4:
            kinds |= IBAN
    if digits >= 6 and i - at - inner >= 8:
        plus = (at > start and data[at - 1] == 43) or (at > start + 1 and data[at - 1] == 32 and data[at - 2] == 43)
        if zero or american or plus:
            kinds |= PHONE
        if digits >= 7:
            kinds |= _labelled(data, at, start, end, t)
    return last, kinds


@part
def _labelled(data: Array, at: int, start: int, end: int, t: MaskTables) -> int:
    """PHONE where a word of phones stands in the 45 characters before `at`, BSN where one of citizens' numbers may."""
    kinds, characters, i = 0, 0, at
    while i > start and characters < 45:
        i -= 1
        byte = data[i]
        characters += byte & 0xC0 != 0x80
        if not is_letter(byte):
            continue
        low = byte | 32
        alone = not (i > start and is_word_byte(data[i - 1])) and not (i + 1 < at and is_word_byte(data[i + 1]))
        if alone and (low == 116 or low == 112 or low == 109):  # T, P, M
            kinds |= PHONE
        for word in range(t.label_start.shape[0] - 1):
            begin = t.label_start[word]
            size = t.label_start[word + 1] - begin
            if t.labels[begin] != low or i + size > at:
                continue
            k = 1
            while k < size and data[i + k] | 32 == t.labels[begin + k]:
                k += 1
            if k == size:
                kinds |= BSN if word >= t.label_start.shape[0] - 3 else PHONE
    return kinds
