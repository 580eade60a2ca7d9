"""Throws random and mutated requests at a real `runner serve`, as whoever reaches its port can.

usage: python3 tests/soak/thrown_requests.py RUNNER [COUNT [SEED]]

COUNT is 1,000,000 unless given. Half of the requests have the cookie. They are right ones with bytes changed, escaped, cut,
doubled and exchanged, in address, headers and body, and bytes of no sense; they go over many connections, many at a time.
Afterwards: the server lives and answers, no answer was an error of the server (5xx other than 503), nothing that lies beside
the listed files was handed out, no note was written by a request without the page's origin, and its memory has not grown.
Needs nothing but Python; Linux, because it reads /proc.
"""

import collections
import os
import pathlib
import random
import re
import select
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from serve_figures import TOKEN, Serving, train

SECRET = b"NOT-TO-BE-HANDED-OUT-4711"
BATCH = 50  # requests of a connection
AT_ONCE = 16  # connections
ANSWER = re.compile(rb"HTTP/1\.1 (\d{3})")
METHODS = [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"get", b"TRACE", b"G\xc3\x89T", b""]
PIECES = [b"%2e%2e", b"..", b"/", b"//", b"%2f", b"%00", b"%", b"%zz", b"%ff", b"?", b"&", b"=", b"#", b"+", b"\\", b"~", b"\x7f",
          b"%C3%A9", b"run.json", b"checkpoint", b"secret.txt", b"note", b"file", b"api", b"9" * 30, b"-1", b"\xe2\x82\xac", b"a" * 3000]


class Thrower:
    def __init__(self, serving, run, seed):
        self.draw, self.serving, self.run = random.Random(seed), serving, run
        cookie = serving.cookie.encode()
        host = b"localhost:%d" % serving.port
        self.headers = [b"Host: " + host, b"Cookie: " + cookie, b"Origin: http://" + host, b"Sec-Fetch-Site: same-origin"]
        run = run.encode()
        self.addresses = [
            b"/", b"/?token=" + TOKEN.encode(), b"/assets/page.js", b"/assets/style.css", b"/api/overview", b"/api/page",
            b"/api/page?experiment=figures&where=gap%20%3E%200.1", b"/api/page?run=" + run, b"/api/report?run=" + run,
            b"/api/curves?ids=" + run, b"/api/run/" + run, b"/api/run/" + run + b"/file/metrics.csv",
            b"/api/run/" + run + b"/file/log.txt", b"/api/diff?a=" + run + b"&b=" + run, b"/api/study/x",
            b"/api/study/x/file/report.html", b"/api/run/" + run + b"/note",
        ]
        self.bodies = [b"", b'{"text":"thrown"}', b'{"tag":"thrown"}', b'{"untag":"x"}', b'{"text":' + b"[" * 500, b"\xff\xfe", b"{}"]

    def mutated(self, text):
        """With up to four changes; often none."""
        for _ in range(self.draw.choice([0, 0, 1, 1, 2, 4])):
            at, to = sorted(self.draw.randrange(len(text) + 1) for _ in range(2))
            text = self.draw.choice([
                lambda: text[:at] + self.draw.choice(PIECES) + text[at:],
                lambda: text[:at] + text[to:],
                lambda: text[:at] + bytes([self.draw.randrange(256)]) + text[at + 1:],
                lambda: text[:to] + text[at:to] + text[to:],
                lambda: b"".join(b"%%%02x" % byte if self.draw.random() < 0.2 else bytes([byte]) for byte in text),
            ])()
        return text

    def request(self, is_let_in):
        if self.draw.random() < 0.02:
            return self.draw.randbytes(self.draw.randrange(200)) + b"\r\n\r\n"
        method = b"GET" if self.draw.random() < 0.8 else self.draw.choice(METHODS)
        address = self.mutated(self.draw.choice(self.addresses)).replace(b"\n", b"")
        if b" " in address or b"events" in address:
            address = address.replace(b" ", b"%20").replace(b"events", b"event")  # events do not end
        # Without the origin nothing may be written, whatever else is said.
        headers = [self.headers[0]] + ([self.headers[1]] if is_let_in else []) + self.draw.sample(self.headers[3:], 1)
        headers = [self.mutated(one) if self.draw.random() < 0.1 else one for one in headers]
        body = self.draw.choice(self.bodies) if method == b"POST" or self.draw.random() < 0.05 else b""
        length = b"Content-Length: %d" % len(body)
        if self.draw.random() < 0.02:
            length = self.draw.choice([b"Content-Length: 99999999999", b"Transfer-Encoding: chunked", b"Content-Length: x"])
        return b"\r\n".join([method + b" " + address + b" HTTP/1.1", *headers, length, b"", body])


def converse(port, requests, seen):
    """Sends requests one upon another, and reads until the server closes or has answered the last; how many it answered."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setblocking(False)
        out, answers, last = b"".join(requests) + b"GET /end HTTP/1.1\r\nConnection: close\r\n\r\n", b"", time.monotonic()
        while time.monotonic() - last < 2:
            readable, writable, _ = select.select([connection], [connection] if out else [], [], 0.2)
            try:
                if writable:
                    out = out[connection.send(out):]
                if readable:
                    part = connection.recv(1 << 20)
                    if not part:
                        break
                    answers, last = answers + part, time.monotonic()
            except (ConnectionResetError, BrokenPipeError):
                break
    assert SECRET not in answers, answers[max(0, answers.index(SECRET) - 2000):]
    statuses = ANSWER.findall(answers)
    seen.update(statuses)
    return len(statuses)


def throw(thrower, count):
    """Throws so many requests; how many, and the counts of the answers."""
    thrown, seen = 0, collections.Counter()
    while thrown < count:
        is_let_in = thrower.draw.random() < 0.5
        requests = [thrower.request(is_let_in) for _ in range(BATCH)]
        while requests:  # those after one at which it hangs up go over another connection
            answered = max(1, converse(thrower.serving.port, requests, seen))
            thrown += min(answered, len(requests))
            requests = requests[answered:]
    return thrown, seen


def main():
    runner, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    with tempfile.TemporaryDirectory() as folder:
        runs = pathlib.Path(folder, "runs")
        train(runner, folder, 200, 2, runs).wait()
        run = next(entry for entry in runs.iterdir() if not entry.name.startswith("."))
        for place in (run / "secret.txt", run / "checkpoint.safetensors", runs / "secret.txt", pathlib.Path(folder, "secret.txt")):
            place.write_bytes(SECRET)
        serving, seen, started = Serving(runner, runs), collections.Counter(), time.monotonic()
        thrown, parts = 0, 10
        for part in range(parts):
            throwers = [Thrower(serving, run.name, f"{seed} {part} {place}") for place in range(AT_ONCE)]
            with ThreadPoolExecutor(AT_ONCE) as pool:
                for number, statuses in pool.map(lambda thrower: throw(thrower, count // parts // AT_ONCE), throwers):
                    thrown += number
                    seen.update(statuses)
            assert serving.process.poll() is None, f"the server ended with {serving.process.returncode} after {thrown} requests"
            if part == 0:
                early = serving.memory()["VmRSS"]
            print(f"{thrown:,} after {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
        answered = serving.ask("/api/overview").status
        memory = serving.memory()["VmRSS"]
        serving.end()
        counts = ", ".join(f"{status.decode()}: {number:,}" for status, number in sorted(seen.items()))
        print(f"{thrown:,} requests in {time.monotonic() - started:.0f} s, {sum(seen.values()):,} answered ({counts}); "
              f"{early:.0f} MB after a tenth, {memory:.0f} MB after all")
        assert answered == 200, answered
        failed = [status for status in seen if status.startswith(b"5") and status != b"503"]
        assert not failed, f"errors of the server: {failed}"
        assert not (run / "notes.toml").exists(), (run / "notes.toml").read_text()
        assert memory < early + 50, "memory grows"


if __name__ == "__main__":
    main()
