#!/usr/bin/env python3
"""Both ends of a relay over raw sockets, with random messages: what one end sends must arrive at the other, byte for byte.

Standard library only, no code of renkei. Prints the port of its server; reads the relay's port from standard input; runs
the corpus of --seed through it; prints one JSON line: connections, exchanges, what differed, digests of every message.
"""

import argparse
import gzip
import hashlib
import json
import random
import socket
import sys
import threading
import zlib

CRLF = b"\r\n"


def blob(rng, n):
    return rng.randbytes(n)


def text(rng, n):
    words = ["髙", "﨑", "𠮷", "葛\U000e0101", "～", "あ", "a", "0", " ", '"', "\\", "\u3000"]
    return "".join(rng.choice(words) for _ in range(n))


def content(rng):
    kind = rng.randrange(7)
    if kind == 0:
        return b""
    if kind == 1:
        return json.dumps({"name": text(rng, rng.randrange(40))}, ensure_ascii=False).encode()
    if kind == 2:
        return text(rng, 60).encode("cp932", "ignore") + b"\xfa\x5c\xff"
    if kind == 3:
        return b"0\r\n\r\nGET /not-a-request HTTP/1.1\r\n\r\n" + blob(rng, 10)
    if kind == 4:
        return blob(rng, rng.randrange(1, 70000))
    if kind == 5:
        return b"\xef\xbb\xbf{}" + b"\r\n" * rng.randrange(9)
    return blob(rng, rng.randrange(1, 300))


def chunked(rng, data, eol):
    out = []
    at = 0
    while at < len(data):
        size = rng.choice([1, 2, 7, 100, 4096, 50000])
        part = data[at : at + size]
        at += size
        number = f"{len(part):x}" if rng.random() < 0.7 else f"{len(part):05X}"
        extension = rng.choice(["", "", ";a=b", ' ; q="x;y"'])
        out.append(number.encode() + extension.encode() + eol + part + eol)
    out.append(b"0" + rng.choice([b"", b";last"]) + eol)
    for n in range(rng.choice([0, 0, 1, 3])):
        out.append(b"X-Trailer-%d: \xe9\x8a\x80 %d" % (n, n) + eol)
    out.append(eol)
    return b"".join(out)


def odd_headers(rng, eol):
    lines = []
    for _ in range(rng.randrange(6)):
        name = rng.choice([b"X-Odd", b"x-odd", b"X-ODD", b"Accept", b"X-Long", b"Set-Cookie", b"Via"])
        value = rng.choice([b"", b"a", b"  spaced  ", b"caf\xe9", "値".encode(), b"x" * rng.randrange(3000), b"\t tab"])
        lines.append(name + rng.choice([b":", b": "]) + value + eol)
    return b"".join(lines)


def coded(rng, data):
    kind = rng.randrange(5)
    if kind == 0:
        return gzip.compress(data), b"Content-Encoding: gzip"
    if kind == 1:
        return zlib.compress(data), b"Content-Encoding: deflate"
    if kind == 2:
        return data, b"Content-Encoding: gzip"  # a lie
    return data, b""


def framed(rng, data, eol, allow_none=True):
    """Headers and body bytes."""
    if not data and allow_none and rng.random() < 0.5:
        return b"", b""
    data, encoding = coded(rng, data)
    lines = encoding + eol if encoding else b""
    if rng.random() < 0.5:
        number = b"%d" % len(data)
        if rng.random() < 0.1:
            number = number + b", " + number
        return lines + b"Content-Length: " + number + eol, data
    return lines + rng.choice([b"Transfer-Encoding: chunked", b"transfer-encoding:CHUNKED"]) + eol, chunked(rng, data, CRLF)


def request(rng, connection, n, method):
    eol = b"\n" if rng.random() < 0.1 else CRLF
    data = b"" if method in ("GET", "HEAD", "DELETE") and rng.random() < 0.8 else content(rng)
    headers, body = framed(rng, data, eol)
    target = f"/c{connection}/{n}?q=%E9%AB%99&x={rng.randrange(1000)}".encode()
    if rng.random() < 0.1:
        target = b"http://other.example" + target
    if rng.random() < 0.1:
        target += b"&raw=\xe9\xab\x99"
    lead = b"\r\n" if n == 0 and rng.random() < 0.1 else b""
    version = b"HTTP/1.1"
    return lead + method.encode() + b" " + target + b" " + version + eol + b"Host: relay.example" + eol + odd_headers(rng, eol) + headers, eol, body


def response(rng, method, last):
    """Interim answers, the answer, and whether the connection ends it."""
    eol = b"\n" if rng.random() < 0.1 else CRLF
    out = b""
    if rng.random() < 0.15:
        out += b"HTTP/1.1 103 Early Hints" + eol + b"Link: </a>" + eol + eol
    status = rng.choice([b"200 OK", b"200", b"201 \xe4\xbd\x9c\xe6\x88\x90", b"204 No Content", b"304 Not Modified", b"400 Bad Request", b"503 Busy"])
    bare = method == "HEAD" or status[:3] in (b"204", b"304")
    data = content(rng)
    head = b"HTTP/1.1 " + status + eol + odd_headers(rng, eol)
    if bare:
        length = b"" if status[:3] == b"204" else b"Content-Length: %d" % len(data) + eol
        return out + head + length + eol, False
    if last and rng.random() < 0.4:
        return out + head + b"Connection: close" + eol + eol + data, True
    headers, body = framed(rng, data, eol, allow_none=False)
    return out + head + headers + eol + body, False


def script(seed, connection):
    """Steps of a connection: (who sends, bytes). Then the messages as (request, answer), and who closes first."""
    rng = random.Random(f"{seed}/{connection}")
    count = rng.choice([1, 1, 2, 3, 6])
    pipelined = count > 1 and rng.random() < 0.4
    steps, messages, closes = [], [], "client"
    waiting = []
    for n in range(count):
        last = n == count - 1
        method = rng.choice(["GET", "POST", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"])
        head, eol, body = request(rng, connection, n, method)
        expects = body and not pipelined and rng.random() < 0.3
        if last and rng.random() < 0.05:
            sent = head.lstrip(b"\r\n").split(eol)[0] + eol + b"Host: h" + eol + b"Connection: Upgrade" + eol + b"Upgrade: odd/1" + eol + eol
            came = b"HTTP/1.1 101 Switching" + CRLF + b"Upgrade: odd/1" + CRLF + b"Connection: Upgrade" + CRLF + CRLF
            there, back = blob(rng, rng.randrange(1, 5000)), blob(rng, rng.randrange(1, 5000))
            if pipelined:
                steps.append(("client", b"".join(r for r, _ in waiting)))
                steps += [("server", a) for _, a in waiting]
                waiting = []
                pipelined = False
            steps += [("client", sent), ("server", came), ("client", there), ("server", back)]
            messages.append((sent + there, came + back))
            break
        answer, ends = response(rng, method, last)
        closes = "server" if ends else closes
        if expects:
            first = head + b"Expect: 100-continue" + eol + eol
            go_on = b"HTTP/1.1 100 Continue" + CRLF + CRLF
            steps += [("client", first), ("server", go_on), ("client", body), ("server", answer)]
            messages.append((first + body, go_on + answer))
            continue
        sent = head + eol + body
        messages.append((sent, answer))
        if pipelined:
            waiting.append((sent, answer))
        else:
            steps += [("client", sent), ("server", answer)]
    if waiting:
        steps.append(("client", b"".join(r for r, _ in waiting)))
        steps += [("server", a) for _, a in waiting]
    return steps, messages, closes


def send(rng, sock, data):
    at = 0
    while at < len(data):
        size = rng.choice([1, 3, 50, 1460, 16384, 65536]) if len(data) - at < 200000 else 65536
        sock.sendall(data[at : at + size])
        at += size


class Trouble(Exception):
    pass


def receive(sock, wanted, seen=b""):
    got = bytearray(seen)
    while len(got) < len(wanted):
        piece = sock.recv(min(65536, len(wanted) - len(got)))
        if not piece:
            raise Trouble(f"ended after {len(got)} of {len(wanted)} bytes")
        got += piece
    if bytes(got) != wanted:
        at = next(i for i, (a, b) in enumerate(zip(got, wanted)) if a != b)
        raise Trouble(f"byte {at} of {len(wanted)} differs: {bytes(got[at:at+8])!r} for {wanted[at:at+8]!r}")


def play(side, sock, seed, connection, seen=b""):
    steps, _, closes = SCRIPTS[connection]
    rng = random.Random(f"{seed}/{connection}/{side}")
    for who, data in steps:
        if who == side:
            send(rng, sock, data)
        else:
            receive(sock, data, seen)
            seen = b""
    if closes == side:
        sock.shutdown(socket.SHUT_WR)
    rest = sock.recv(1)
    if rest:
        raise Trouble(f"{side} received more than was sent: {rest!r}")


SCRIPTS, TROUBLE = {}, []


def serve(sock, seed):
    connection = None
    try:
        sock.settimeout(60)
        seen = b""
        while b"/c" not in seen or b"/" not in seen.split(b"/c", 1)[1]:
            piece = sock.recv(1)
            if not piece:
                raise Trouble("no request came")
            seen += piece
        connection = int(seen.split(b"/c", 1)[1].split(b"/")[0])
        play("server", sock, seed, connection, seen)
    except Exception as error:
        TROUBLE.append(f"server {connection}: {type(error).__name__} {error}")
    finally:
        sock.close()


def call(port, seed, connection):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
            play("client", sock, seed, connection)
    except Exception as error:
        TROUBLE.append(f"client {connection}: {type(error).__name__} {error}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default="1")
    parser.add_argument("--connections", type=int, default=60)
    parser.add_argument("--large", type=int, default=24_000_000)
    args = parser.parse_args()
    for connection in range(args.connections):
        SCRIPTS[connection] = script(args.seed, connection)
    # One that is larger than what is kept in memory, both ways at once.
    rng = random.Random(args.seed)
    big, back = rng.randbytes(args.large), rng.randbytes(args.large)
    n = args.connections
    sent = b"PUT /c%d/0 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" % n + chunked(random.Random(2), big, CRLF)
    came = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(back) + back
    SCRIPTS[n] = ([("client", sent), ("server", came)], [(sent, came)], "client")

    listener = socket.create_server(("127.0.0.1", 0), backlog=200)
    print(listener.getsockname()[1], flush=True)

    def accept():
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock, args.seed), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    port = int(sys.stdin.readline())
    room = threading.Semaphore(16)
    threads = []

    def one(connection):
        with room:
            call(port, args.seed, connection)

    for connection in SCRIPTS:
        thread = threading.Thread(target=one, args=(connection,))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    digest = lambda data: hashlib.sha256(data).hexdigest()
    expected = [
        {"connection": c, "n": n, "sent": digest(sent), "sent_bytes": len(sent), "came": digest(came), "came_bytes": len(came)}
        for c, (_, messages, _) in SCRIPTS.items()
        for n, (sent, came) in enumerate(messages)
    ]
    print(json.dumps({"connections": len(SCRIPTS), "exchanges": len(expected), "trouble": TROUBLE, "expected": expected}))


main()
