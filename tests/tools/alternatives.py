"""A service whose bodies are one of several alternatives, with one defect at a time: alternatives.py [DEFECT]. Prints its port."""
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DEFECT = sys.argv[1] if len(sys.argv) > 1 else ""


def once(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a member stands twice")
    return dict(pairs)


def person(body):
    number = body.get("no")
    return type(number) is int and number >= 1 and (number <= 999 or DEFECT == "max")


def firm(body):
    number, name = body.get("no"), body.get("name")
    digits = isinstance(number, str) and number.isascii() and number.isdigit()
    short = digits and (len(number) <= 3 or DEFECT == "long-no")
    if isinstance(name, dict):
        return short and isinstance(name.get("kana"), str)
    return short and isinstance(name, str) and (len(name) <= 4 or DEFECT == "long-name")


def result(kind):
    if kind == "person":
        return {"kind": "p", "id": "7" if DEFECT == "bad-id" else 7}
    given = {"kind": "f", "id": "1234567" if DEFECT == "long-id" else "12345", "mark": None}
    if DEFECT == "no-mark":
        del given["mark"]
    return given


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body):
        data = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = (self.headers.get("Content-Type") or "").lower()
        if not kind.startswith("application/json") or ("charset" in kind and "utf-8" not in kind):
            return self.send(415, {"code": "E"})
        try:
            body = json.loads(sent.decode("utf-8"), object_pairs_hook=once)
            judge = {"person": person, "firm": firm}[body["kind"]]
            right = judge(body)
        except (ValueError, KeyError, TypeError):
            right = False
        if not right:
            return self.send(400, {"code": "E"})
        return self.send(200, {"result": result(body["kind"])})


server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
server.daemon_threads = True
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
