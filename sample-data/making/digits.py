"""Check digits."""

# 個人番号 of the sample: the two published examples that every textbook prints. No other number is used.
FICTIONAL_INDIVIDUAL_NUMBERS = ["123456789018", "345678901234"]


def addressee(body):
    """Check digit of 宛名番号: M11W2-7; None for remainder 1, which the text does not define."""
    remainder = sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(body))) % 11
    return {0: "0", 1: None}.get(remainder, str((11 - remainder) % 11))


def addressees(first, count):
    """`count` 宛名番号 of 15 digits from the 14-digit body `first` on; numbers with remainder 1 are not given out."""
    numbers, body = [], first
    while len(numbers) < count:
        digit = addressee(f"{body:014d}")
        if digit is not None:
            numbers.append(f"{body:014d}{digit}")
        body += 1
    return numbers


def individual(number):
    """True for a 個人番号 with the right check digit."""
    weights = [2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6]
    remainder = sum(int(d) * w for d, w in zip(reversed(number[:-1]), weights)) % 11
    return int(number[-1]) == (0 if remainder <= 1 else 11 - remainder)


def municipality(code):
    """True for a 全国地方公共団体コード with the right check digit."""
    return int(code[5]) == (11 - sum(int(d) * w for d, w in zip(code, (6, 5, 4, 3, 2))) % 11) % 10
