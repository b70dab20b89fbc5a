#!/usr/bin/env python3
"""A small service as another vendor would write it: Python, standard library only, no code of renkei.

Conforms to tests/tools/vendor-api.yaml unless --defect names what it does wrong. Prints its port on one line.
"""

import argparse
import gzip
import json
import os
import re
import socket
import struct
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOCK = threading.Lock()
STATE = {"last": 1000, "people": {}, "repeats": {}}
ITEMS = [{"id": i, "name": f"項目{chr(0xFF10 + i)}"} for i in range(1, 8)]
DEFECT = ""
KINDS = ("0", "1", "2")


class Refused(Exception):
    def __init__(self, status, code):
        self.status, self.code = status, code


def pairs(items):
    names = [name for name, _ in items]
    if len(names) != len(set(names)) and DEFECT != "accepts-duplicate-key":
        raise Refused(400, "E0002")
    return dict(items)


def read(handler):
    kind = handler.headers.get("Content-Type", "")
    if DEFECT != "accepts-any-media-type":
        if not re.fullmatch(r"application/json(\s*;\s*charset=utf-8)?", kind, re.I):
            raise Refused(415, "E0002")
    raw = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    try:
        if DEFECT == "accepts-not-utf8":
            text = raw.decode("utf-8", "replace")
        else:
            text = raw.decode("utf-8")
        body = json.loads(text, object_pairs_hook=pairs)
    except (UnicodeDecodeError, json.JSONDecodeError):
        if DEFECT == "accepts-broken-json":
            return {"name": "架空　太郎", "kind": "0", "code": "131016"}
        raise Refused(400, "E0002") from None
    if not isinstance(body, dict):
        raise Refused(400, "E0002")
    return body


def check(body):
    known = {"name", "kind", "code", "memo", "count"}
    if set(body) - known and DEFECT != "accepts-extra":
        raise Refused(400, "E0002")
    for name in ("name", "kind", "code"):
        if name not in body and DEFECT != "accepts-missing":
            raise Refused(400, "E0001")
    for name in ("name", "kind", "code"):
        if body.get(name, "") is None and DEFECT != "accepts-null":
            raise Refused(400, "E0001")
    for name, limit in (("name", 10), ("code", 6), ("memo", 5)):
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            if DEFECT == "accepts-wrong-type":
                continue
            raise Refused(400, "E0002")
        if DEFECT == "counts-bytes":
            too_long = len(value.encode("utf-8")) > limit * 3 - 3
        else:
            too_long = len(value) > limit
        if name == "name" and not value:
            raise Refused(400, "E0003")
        if too_long and DEFECT != "accepts-too-long":
            if DEFECT == "crashes-on-too-long":
                raise RuntimeError("value too long for column")
            raise Refused(400, "E0003")
    code = body.get("code")
    if isinstance(code, str) and not re.fullmatch("[0-9]{6}", code) and DEFECT not in ("accepts-pattern", "accepts-too-long"):
        raise Refused(400, "E0002")
    if isinstance(body.get("kind"), str) and body["kind"] not in KINDS and DEFECT != "accepts-any-kind":
        raise Refused(400, "E0002")
    if "kind" in body and body["kind"] is not None and not isinstance(body["kind"], str) and DEFECT != "accepts-wrong-type":
        raise Refused(400, "E0002")
    count = body.get("count", 1)
    if isinstance(count, bool) or not isinstance(count, int):
        if DEFECT != "accepts-wrong-type":
            raise Refused(400, "E0002")
    elif not 1 <= count <= 9 and DEFECT != "accepts-any-count":
        raise Refused(400, "E0002")


def give_number():
    if DEFECT == "number-twice":
        number = STATE["last"] + 1
        time.sleep(0.2)
        STATE["last"] = number
        return f"{number:08}"
    with LOCK:
        STATE["last"] += 1
        return f"{STATE['last']:08}"


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body, kind="application/json;charset=UTF-8", headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode("utf-8")
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        try:
            if self.path == "/numbers":
                self.numbers()
            elif self.path == "/jobs":
                self.jobs()
            else:
                self.send(404, {"code": "E0009"})
        except Refused as refused:
            if DEFECT == "html-error":
                self.send(refused.status, b"<html>error</html>", "text/html")
            elif DEFECT == "error-code-as-number":
                self.send(refused.status, {"code": 1})
            else:
                self.send(refused.status, {"code": refused.code})
        except RuntimeError:
            self.send(500, b"Internal Server Error", "text/plain")

    def numbers(self):
        body = read(self)
        check(body)
        number = give_number()
        key = json.dumps(body, sort_keys=True)
        if DEFECT != "repeat-differs" and body.get("memo") == "再送":
            number = STATE["repeats"].setdefault(key, number)
        name = str(body.get("name") or "")[:10]
        STATE["people"][number] = name
        answer = {"number": number, "name": name, "revision": 1}
        self.defective(answer)

    def defective(self, answer):
        plain = json.dumps(answer, ensure_ascii=False)
        if DEFECT == "wrong-status":
            return self.send(201, answer)
        if DEFECT == "no-charset":
            return self.send(200, answer, "application/json")
        if DEFECT == "no-content-type":
            return self.send(200, answer, None)
        if DEFECT == "shift-jis":
            return self.send(200, plain.encode("cp932"))
        if DEFECT == "bom":
            return self.send(200, b"\xef\xbb\xbf" + plain.encode())
        if DEFECT == "extra-field":
            answer["internal_id"] = 7
        if DEFECT == "missing-field":
            del answer["number"]
        if DEFECT == "null-field":
            answer["name"] = None
        if DEFECT == "number-as-integer":
            answer["number"] = int(answer["number"])
        if DEFECT == "big-number":
            return self.send(200, plain.replace('"revision": 1', '"revision": 9007199254740993').encode())
        if DEFECT == "question-marks":
            answer["name"] = answer["name"].encode("cp932", "replace").decode("cp932")
        if DEFECT == "half-width":
            answer["name"] = answer["name"].replace("　", " ")
        if DEFECT == "double-key":
            return self.send(200, plain.replace('"revision"', f'"number": "{answer["number"]}", "revision"').encode())
        if DEFECT == "slow":
            time.sleep(3.6)
        if DEFECT == "hang":
            time.sleep(30)
        if DEFECT == "hang-after-head":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: 9\r\n\r\n")
            self.wfile.flush()
            time.sleep(30)
        if DEFECT == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return socket.close(self.connection.detach())
        if DEFECT == "length-lie":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: 900\r\n\r\n" + plain.encode())
            self.wfile.flush()
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        if DEFECT == "bad-chunk":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nxx\r\n")
            self.close_connection = True
            return None
        if DEFECT == "header-flood":
            return self.send(200, answer, headers=[(f"X-{i}", "x" * 1000) for i in range(5000)])
        if DEFECT == "endless-body":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: 10737418240\r\n\r\n")
            block = b" " * 1048576
            try:
                for _ in range(10240):
                    self.wfile.write(block)
            except OSError:
                self.close_connection = True
            return None
        if DEFECT == "gzip-bomb":
            return self.send(200, STATE["bomb"], headers=[("Content-Encoding", "gzip")])
        if DEFECT == "deep":
            return self.send(200, b"[" * 100_000 + b"]" * 100_000)
        if DEFECT == "redirect":
            return self.send(302, b"", None, [("Location", "http://192.0.2.1/numbers")])
        return self.send(200, answer, headers=[("X-Request-Id", "r1")])

    def jobs(self):
        body = read(self)
        ticket = "T-" + give_number()
        self.send(202, {"ticket": ticket})
        url = body.get("notify", "")

        def notify():
            time.sleep(0.2)
            told = "T-00000000" if DEFECT == "wrong-ticket" else ticket
            data = json.dumps({"ticket": told, "result": "done"}).encode()
            call = urllib.request.Request(url, data, {"Content-Type": "application/json"})
            urllib.request.urlopen(call).read()

        if DEFECT != "no-callback":
            threading.Thread(target=notify, daemon=True).start()

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path.startswith("/numbers/"):
            number = path.rsplit("/", 1)[1]
            if number not in STATE["people"]:
                return self.send(404, {"code": "E0009"})
            name = STATE["people"][number]
            if DEFECT == "forgets-name":
                name = "不明"
            return self.send(200, {"number": number, "name": name, "revision": 1})
        if path == "/items":
            at = int(dict(p.split("=") for p in query.split("&") if p).get("from", "0"))
            page = ITEMS[at : at + 3]
            if DEFECT == "page-overlap" and at:
                page = ITEMS[at - 1 : at + 2]
            following = f"/items?from={at + 3}" if at + 3 < len(ITEMS) else None
            if DEFECT == "page-loop":
                following = "/items?from=3"
                page = [{"id": at * 100 + time.perf_counter_ns() % 97, "name": "他"}]
            if DEFECT == "page-other-host" and following:
                following = "http://10.0.0.5:8080" + following
            return self.send(200, {"items": page, "next": following})
        return self.send(404, {"code": "E0009"})


def main():
    global DEFECT
    parser = argparse.ArgumentParser()
    parser.add_argument("--defect", default="")
    parser.add_argument("--trust", default="", help="CA of those it notifies over TLS")
    asked = parser.parse_args()
    DEFECT = asked.defect
    if DEFECT == "gzip-bomb":
        # Made before anybody waits for it.
        STATE["bomb"] = gzip.compress(b"[" * 50_000_000)
    if asked.trust:
        os.environ["SSL_CERT_FILE"] = asked.trust
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
