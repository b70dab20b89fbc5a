#!/usr/bin/env python3
"""Booking of public facilities as a vendor might serve it: asyncio and raw bytes, standard library only.

Conforms to booking-api.yaml; --defect names one thing that it does wrong, --odd serves the same in unusual but right ways
(gzip, chunks, other spellings). Prints its port on one line; ends with its standard input.
"""

import argparse
import asyncio
import datetime
import gzip
import hashlib
import json
import re
import sys
import threading
import urllib.parse
import uuid

KINDS = ("hall", "field", "room")
FACILITIES = [
    {
        "id": f"0b6f4a52-6a0e-4c39-9d6e-2f9c2f1f0a{n:02}",
        "name": f"架空会館第{chr(0xFF10 + n)}",
        "kind": KINDS[n % 3],
        "capacity": 10 * n,
        "opened": f"19{60 + n}-04-01",
        "closed": None if n % 2 else "2020-03-31",
        "rooms": ["大", "小"][: n % 3],
    }
    for n in range(1, 8)
]
BOOKED, LAST = {}, [0]
DEFECT, ODD = "", False


class Refused(Exception):
    def __init__(self, status, *invalid):
        super().__init__(status)
        self.status, self.invalid = status, invalid


def date(value):
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)) and valid(lambda: datetime.date.fromisoformat(value))


def moment(value):
    zone = re.fullmatch(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", value)
    return bool(zone) and valid(lambda: datetime.datetime.fromisoformat(value.upper().replace("Z", "+00:00")))


def identifier(value):
    return bool(re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value)) and valid(lambda: uuid.UUID(value))


def valid(act):
    try:
        act()
        return True
    except ValueError:
        return False


def whole(text, least, most):
    if not re.fullmatch(r"-?\d+", text):
        if DEFECT == "crashes-on-text-limit":
            raise RuntimeError
        if DEFECT == "accepts-text-limit":
            return least
        raise Refused(400, "limit")
    number = int(text)
    if not least <= number <= most and DEFECT != "accepts-large-limit":
        raise Refused(400, "limit")
    return max(least, min(number, most))


def listed(query):
    limit = whole(query.get("limit", "20"), 1, 50)
    offset = whole(query.get("offset", "0"), 0, 10**9)
    if query.get("kind", "hall") not in KINDS and DEFECT != "accepts-any-kind":
        raise Refused(400, "kind")
    if not date(query.get("open_on", "2026-01-01")) and DEFECT != "accepts-any-day":
        raise Refused(400, "open_on")
    for one in query.get("equipment", "piano").split(","):
        if one not in ("piano", "projector", "net"):
            raise Refused(400, "equipment")
    page = FACILITIES[offset : offset + limit]
    if DEFECT == "page-overlap" and offset:
        page = FACILITIES[offset - 1 : offset + limit - 1]
    more = offset + limit < len(FACILITIES)
    following = f"/v2/facilities?limit={limit}&offset={offset + limit}" if more else None
    body = {"facilities": [facility(f) for f in page], "next": following}
    if DEFECT == "list-is-null":
        body["facilities"] = None
    if DEFECT == "next-left-out" and not more:
        del body["next"]
    total = {"total-as-words": "7件", "total-negative": "-1"}.get(DEFECT, str(len(FACILITIES)))
    return 200, body, [] if DEFECT == "total-missing" else [("X-Total-Count", total)]


def facility(one):
    one = dict(one)
    if DEFECT == "slashed-date":
        one["opened"] = one["opened"].replace("-", "/")
    if DEFECT == "closed-left-out":
        del one["closed"]
    if DEFECT == "closed-empty":
        one["closed"] = one["closed"] or ""
    if DEFECT == "capacity-as-text":
        one["capacity"] = str(one["capacity"])
    if DEFECT == "capacity-broken":
        one["capacity"] = one["capacity"] + 0.5
    if DEFECT == "unknown-kind":
        one["kind"] = "gym"
    if DEFECT == "same-room-twice":
        one["rooms"] = ["大", "大"]
    if DEFECT == "short-uuid":
        one["id"] = one["id"][:-1]
    if DEFECT == "internal-field":
        one["row_id"] = 7
    return one


def read(headers, body):
    kind = headers.get("content-type", "")
    if not re.fullmatch(r'application/json(\s*;\s*charset="?utf-8"?)?', kind, re.I):
        if DEFECT != "takes-any-media-type":
            raise Refused(415)
    def once(pairs):
        if len({n for n, _ in pairs}) < len(pairs):
            raise Refused(400)
        return dict(pairs)
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=once)
    except ValueError:
        raise Refused(400) from None
    if not isinstance(value, dict):
        raise Refused(400)
    return value


def text(value, most):
    return isinstance(value, str) and 1 <= len(value) <= most


def number(value, least, most, broken=False):
    kinds = (int, float) if broken else (int,)
    return isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most


def check(value):
    invalid = []
    known = {"facility", "slots", "applicant", "note", "fee"}
    if set(value) - known:
        invalid.append("unknown")
    if not isinstance(value.get("facility"), str) or not identifier(value["facility"]):
        invalid.append("facility")
    slots = value.get("slots")
    good = isinstance(slots, list) and 1 <= len(slots) <= 4
    for slot in slots if good else []:
        times = [slot.get("from"), slot.get("to")] if isinstance(slot, dict) else [None]
        if not all(isinstance(t, str) and (moment(t) or DEFECT == "accepts-any-time") for t in times):
            good = False
    if not good:
        invalid.append("slots")
    who = value.get("applicant")
    if not isinstance(who, dict):
        invalid.append("applicant")
    elif who.get("kind") == "person":
        tel = who.get("tel")
        if not text(who.get("name"), 30) or not isinstance(tel, str):
            invalid.append("applicant")
        elif not re.fullmatch("0[0-9]{9,10}", tel) and DEFECT != "accepts-any-tel":
            invalid.append("applicant")
    elif who.get("kind") == "group":
        if not text(who.get("title"), 30) or not number(who.get("members"), 2, 500):
            invalid.append("applicant")
    elif DEFECT != "accepts-any-applicant":
        invalid.append("applicant")
    note = value.get("note")
    if note is not None and not (isinstance(note, str) and len(note) <= 20):
        if DEFECT != "accepts-long-note" or not isinstance(note, str):
            invalid.append("note")
    if "fee" in value:
        fee = value["fee"]
        if not number(fee, 0, 100000, True) or fee % 10:
            if DEFECT != "accepts-any-fee":
                invalid.append("fee")
    if "facility" not in value and DEFECT == "accepts-no-facility":
        invalid.remove("facility")
        value["facility"] = FACILITIES[0]["id"]
    if invalid:
        raise Refused(422 if DEFECT == "undocumented-refusal" else 400, *invalid)


async def book(headers, body):
    value = read(headers, body)
    check(value)
    if DEFECT == "same-number-twice":
        n = LAST[0] + 1
        await asyncio.sleep(0.2)
        LAST[0] = n
    else:
        LAST[0] += 1
        n = LAST[0]
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    made = {"number": f"R{n:06}", **value, "note": value.get("note"), "booked": now}
    if DEFECT == "time-without-zone":
        made["booked"] = now[:19]
    if DEFECT == "neither-applicant":
        made["applicant"] = {"kind": "other"}
    if DEFECT == "number-in-other-form":
        made["number"] = made["number"].lower()
    if DEFECT == "garbles-name":
        made = json.loads(json.dumps(made, ensure_ascii=False).encode("euc_jp", "replace").decode("euc_jp"))
    BOOKED[made["number"]] = made
    where = [] if DEFECT == "no-location" else [("Location", f"/v2/reservations/{made['number']}")]
    return 200 if DEFECT == "plain-200" else 201, made, where


async def answer(method, target, headers, body):
    path, _, query = target.partition("?")
    try:
        pairs = dict(urllib.parse.parse_qsl(query, keep_blank_values=True, errors="strict"))
        if path == "/v2/facilities" and method == "GET":
            return listed(pairs)
        if path == "/v2/reservations" and method == "POST":
            return await book(headers, body)
        base, _, last = path.rpartition("/")
        if base == "/v2/facilities" and method == "GET":
            found = [f for f in FACILITIES if f["id"] == last]
            if not found:
                raise Refused(404)
            tag = hashlib.md5(last.encode()).hexdigest()
            return 200, facility(found[0]), [] if DEFECT == "no-etag" else [("ETag", tag if DEFECT == "bare-etag" else f'"{tag}"')]
        if base == "/v2/reservations" and method in ("GET", "DELETE"):
            if last not in BOOKED:
                raise Refused(404)
            if method == "DELETE":
                if DEFECT != "keeps-cancelled":
                    del BOOKED[last]
                return 204, None, []
            return 200, BOOKED[last], []
        raise Refused(404)
    except Refused as refused:
        problem = {"title": "受け付けられません", "status": refused.status, "invalid": [{"at": at} for at in refused.invalid]}
        if DEFECT == "problem-without-title":
            del problem["title"]
        return refused.status, problem, None
    except RuntimeError:
        return 500, {"trace": "ValueError"}, []


def written(status, value, headers):
    kind = "application/json"
    if headers is None:
        kind, headers = "application/problem+json", []
        if DEFECT == "problem-as-html":
            return head(status, "text/html", b"<p>error</p>", [])
    if value is None:
        return b"HTTP/1.1 204 No Content\r\n\r\n"
    data = json.dumps(value, ensure_ascii=ODD).encode()
    if kind == "application/json":
        if DEFECT == "text-media-type":
            kind = "text/json"
        if DEFECT == "utf-16":
            data = data.decode().encode("utf-16")
        if DEFECT == "half-a-character":
            data = json.dumps({**value, "name": "\ud842"}).encode()
        if DEFECT == "trailing-comma":
            data = data[:-1] + b",}"
        if DEFECT == "not-a-number":
            data = data[:-1] + b', "capacity": NaN}'
        if DEFECT == "key-twice":
            data = data[:-1] + b', "id": "x"}'
        if DEFECT == "gzip-lie":
            headers = headers + [("Content-Encoding", "gzip")]
    return head(status, kind, data, headers)


def head(status, kind, data, headers):
    reason = {200: "OK", 201: "Created", 400: "Bad Request", 404: "Not Found"}.get(status, "X")
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{n}: {v}" for n, v in headers)]
    if not ODD:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(data)}", "", ""]
        return "\r\n".join(lines).encode() + data
    data = gzip.compress(data)
    lines += [f"CONTENT-TYPE:{kind};Charset=\"utf-8\"", "content-encoding: gzip", "transfer-encoding: chunked", "", ""]
    parts = [b"%x;z\r\n%s\r\n" % (len(data[i : i + 40]), data[i : i + 40]) for i in range(0, len(data), 40)]
    return "\r\n".join(lines).encode() + b"".join(parts) + b"0\r\nX-End: 1\r\n\r\n"


async def serve(reader, writer):
    try:
        while True:
            start = (await reader.readline()).decode().split()
            if len(start) != 3:
                break
            headers = {}
            while line := (await reader.readline()).decode("latin-1").strip():
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            answered = await answer(start[0], start[1], headers, body)
            writer.write(written(*answered))
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.read)


parser = argparse.ArgumentParser()
parser.add_argument("--defect", default="")
parser.add_argument("--odd", action="store_true")
args = parser.parse_args()
DEFECT, ODD = args.defect, args.odd
threading.stack_size(1 << 20)
asyncio.run(main())
