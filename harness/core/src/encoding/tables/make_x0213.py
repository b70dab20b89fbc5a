#!/usr/bin/env python3
"""Writes x0213.txt: the Shift_JIS-2004 positions that are not JIS X 0208.

Run without arguments in this folder. Reads nothing but CPython's own codecs `shift_jis`, `shift_jis_2004` and
`shift_jisx0213`; the same Python version gives the same bytes.

Format: one run of neighbouring trail bytes a line, `LLTT value value ...`: lead and first trail byte in hex, then one
value a trail byte (7F is skipped). A value is a code point in hex, `A+B` for the 25 positions of two code points, and
starts with `*` when the position was added in 2004. Positions are 4,354 = 11,233 - 6,879.
"""

TRAILS = [t for t in range(0x40, 0xFD) if t != 0x7F]
LEADS = [*range(0x81, 0xA0), *range(0xE0, 0xFD)]


def decode(pair, codec):
    try:
        return pair.decode(codec)
    except UnicodeDecodeError:
        return None


def value(pair):
    text = decode(pair, "shift_jis_2004")
    if text is None or decode(pair, "shift_jis") is not None:
        return None
    added = "" if decode(pair, "shift_jisx0213") is not None else "*"
    return added + "+".join("%X" % ord(c) for c in text)


def main():
    lines, count = [], 0
    for lead in LEADS:
        run = None
        for trail in TRAILS:
            found = value(bytes([lead, trail]))
            if found is None:
                run = None
                continue
            if run is None:
                run = ["%02X%02X" % (lead, trail)]
                lines.append(run)
            run.append(found)
            count += 1
    assert count == 4354, count
    with open("x0213.txt", "w", encoding="ascii", newline="\n") as out:
        out.writelines(" ".join(line) + "\n" for line in lines)


main()
