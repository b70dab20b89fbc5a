#!/usr/bin/env python3
"""A provider that behaves as no provider should, over raw sockets: one way of misbehaving for each --act.

Standard library only. Prints its port on one line; ends with its standard input.
"""

import argparse
import gzip
import os
import socket
import ssl
import struct
import sys
import threading
import time
import zlib

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tls")
JSON = b"Content-Type: application/json\r\n"
GIGABYTES = 10 * 1024**3


def head(status, *lines):
    return b"HTTP/1.1 " + status + b"\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def request(sock):
    seen = b""
    while b"\r\n\r\n" not in seen:
        piece = sock.recv(4096)
        if not piece:
            return False
        seen += piece
    return True


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drip(sock, piece, pause):
    while True:
        sock.sendall(piece)
        time.sleep(pause)


def act(name, sock):
    if name == "accept-and-reset":
        return reset(sock)
    if name == "silent":
        return time.sleep(60)
    if name == "greets-first":
        return sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n") or time.sleep(1)
    if not request(sock):
        return None
    ok = head(b"200 OK", b"Content-Type: application/json", b"Content-Length: 11")
    if name == "good":
        sock.sendall(ok + b'{"n":12345}')
    elif name == "reset":
        reset(sock)
    elif name == "reset-in-body":
        sock.sendall(ok + b'{"n":')
        time.sleep(0.2)
        reset(sock)
    elif name == "closes":
        pass
    elif name == "stalls":
        time.sleep(60)
    elif name == "stalls-in-head":
        sock.sendall(ok[:20])
        time.sleep(60)
    elif name == "stalls-after-head":
        sock.sendall(ok)
        time.sleep(60)
    elif name == "drips":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json"))
        drip(sock, b" ", 0.2)
    elif name == "ten-gigabytes":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Length: %d" % GIGABYTES))
        for _ in range(GIGABYTES // 2**20):
            sock.sendall(b" " * 2**20)
    elif name == "endless-chunks":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Transfer-Encoding: chunked"))
        while True:
            sock.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
    elif name == "promises-more":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Length: 999") + b'{"n":12345}')
    elif name == "promises-less":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Length: 5") + b'{"n":12345}')
    elif name == "two-lengths":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Length: 11", b"Content-Length: 12") + b'{"n":12345}')
    elif name == "negative-length":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Length: -1") + b'{"n":12345}')
    elif name == "invalid-chunk":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Transfer-Encoding: chunked") + b"xyz\r\n{}\r\n0\r\n\r\n")
    elif name == "huge-chunk-size":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Transfer-Encoding: chunked") + b"fffffffffffffffff\r\n{}")
    elif name == "chunk-cut-off":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Transfer-Encoding: chunked") + b"5\r\n{\"n")
    elif name == "gzip-bomb":
        bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
        data = b"".join(bomb.compress(b" " * 2**20) for _ in range(1024)) + bomb.flush()
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Encoding: gzip", b"Content-Length: %d" % len(data)) + data)
    elif name == "gzip":
        data = gzip.compress(b'{"n":12345}')
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Encoding: gzip", b"Content-Length: %d" % len(data)) + data)
    elif name == "gzip-lie":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Encoding: gzip", b"Content-Length: 11") + b'{"n":12345}')
    elif name == "deep":
        data = b'{"n":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Length: %d" % len(data)) + data)
    elif name == "many-members":
        data = b"{" + b",".join(b'"k%d":1' % n for n in range(300_000)) + b"}"
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Length: %d" % len(data)) + data)
    elif name == "header-flood":
        sock.sendall(b"HTTP/1.1 200 OK\r\n")
        for n in range(200_000):
            sock.sendall(b"X-%d: %s\r\n" % (n, b"y" * 100))
    elif name == "long-header":
        sock.sendall(b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 50_000_000)
    elif name == "interim-flood":
        while True:
            sock.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100)
    elif name == "not-http":
        sock.sendall(b"220 mail.example ESMTP\r\n" * 3)
    elif name == "bad-status-line":
        sock.sendall(b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n")
    elif name == "nul-in-header":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"X-A: b\x00c", b"Content-Length: 11") + b'{"n":12345}')
    elif name == "empty":
        sock.sendall(head(b"200 OK", b"Content-Type: application/json", b"Content-Length: 0"))
    elif name == "garbage":
        sock.sendall(os.urandom(5000))
    return None


def wrapped(sock, tls):
    if not tls:
        return sock
    if tls == "old":
        # A TLS 1.1 server hello to whatever comes: no library of today speaks that any more.
        sock.recv(4096)
        body = b"\x03\x02" + b"\x11" * 32 + b"\x00" + b"\xc0\x13" + b"\x00"
        hello = b"\x02" + len(body).to_bytes(3, "big") + body
        sock.sendall(b"\x16\x03\x02" + len(hello).to_bytes(2, "big") + hello)
        time.sleep(1)
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(HERE, f"{tls}.pem"), os.path.join(HERE, "key.pem"))
    return context.wrap_socket(sock, server_side=True)


def serve(sock, args):
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock = wrapped(sock, args.tls)
        if sock:
            act(args.act, sock)
    except (OSError, ValueError):
        pass
    finally:
        if sock:
            sock.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--act", default="good")
    parser.add_argument("--tls", default="")
    args = parser.parse_args()
    listener = socket.create_server(("127.0.0.1", 0), backlog=50)
    print(listener.getsockname()[1], flush=True)

    def accept():
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock, args), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


main()
