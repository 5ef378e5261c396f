#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP server that breaks its word in every way a client must survive.

    hostile_http.py [--tls CERT.pem KEY.pem]

It listens on a free port of 127.0.0.1, prints that port as its first line, and ends when its standard input ends.  What it does is in
the path; GET /count?PATH answers how often PATH was asked for, GET /log?PATH the header fields of the last such request as JSON."""
import collections, email.utils, gzip, json, os, socket, ssl, struct, sys, threading, time, urllib.parse, zlib

counts = collections.Counter()
last_headers = {}
now_active = collections.Counter()
most_active = collections.Counter()
lock = threading.Lock()
release = threading.Event()


class Gone(Exception):
    pass


class Peer:
    """One connection: requests read by hand, answers written byte by byte as each case wants."""

    def __init__(self, sock, secure):
        self.sock, self.secure = sock, secure
        self.buffer = b""

    def fill(self):
        data = self.sock.recv(65536)
        if not data:
            raise Gone()
        self.buffer += data

    def line(self):
        while b"\n" not in self.buffer:
            self.fill()
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r").decode("latin-1")

    def exactly(self, n):
        while len(self.buffer) < n:
            self.fill()
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def request(self):
        self.method, target, _ = self.line().split(" ", 2)
        self.path, _, self.query = target.partition("?")
        self.target = target
        self.headers = {}
        while True:
            line = self.line()
            if not line:
                break
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        if self.headers.get("expect") == "100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.body = b""
        if "content-length" in self.headers:
            self.body = self.exactly(int(self.headers["content-length"]))
        elif self.headers.get("transfer-encoding") == "chunked":
            while True:
                n = int(self.line(), 16)
                self.body += self.exactly(n)
                self.line()
                if n == 0:
                    break

    def send(self, data):
        self.sock.sendall(data)

    def answer(self, status=200, headers=(), body=b"", length=None):
        lines = ["HTTP/1.1 %d Whatever" % status, "Date: " + email.utils.formatdate(usegmt=True)]
        lines += ["%s: %s" % h for h in headers]
        if length is None:
            length = len(body)
        if status not in (204, 304):
            lines.append("Content-Length: %d" % length)
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + (b"" if self.method == "HEAD" else body))

    def reset(self):
        """Ends with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
        raise Gone()


def nth(peer):
    return counts[peer.target]


def plain(peer):
    peer.answer(200, [("Content-Type", "text/plain")], b"hello\n")


def echo(peer):
    """What was asked, back; the query may set answer fields: ?h=Name:Value&status=..."""
    fields = urllib.parse.parse_qs(peer.query)
    headers = [tuple(f.split(":", 1)) for f in fields.get("h", [])]
    headers = [(n, v.replace("NOW", email.utils.formatdate(usegmt=True))) for n, v in headers]
    body = json.dumps({"method": peer.method, "headers": peer.headers, "body": peer.body.decode("latin-1"), "n": nth(peer)}).encode()
    peer.answer(int(fields.get("status", ["200"])[0]), [("Content-Type", "application/json")] + headers, body)


def etag(peer):
    tag = '"v%s"' % urllib.parse.parse_qs(peer.query).get("v", ["1"])[0]
    headers = [("ETag", tag), ("Cache-Control", "max-age=60"), ("X-Count", str(nth(peer)))]
    if nth(peer) == 1:
        headers.append(("Age", "3600"))
    if peer.headers.get("if-none-match") == tag:
        peer.answer(304, headers)
    else:
        peer.answer(200, headers + [("Content-Type", "text/plain")], b"tagged")


def wrong_etag(peer):
    """Says 304 about something that nobody has."""
    if "if-none-match" in peer.headers:
        peer.answer(304, [("ETag", '"other"')])
    else:
        peer.answer(200, [("ETag", '"mine%d"' % nth(peer)), ("Cache-Control", "no-cache")], b"n%d" % nth(peer))


def vary(peer):
    peer.answer(200, [("Vary", "Accept-Language"), ("Cache-Control", "max-age=600")],
                ("in " + peer.headers.get("accept-language", "?")).encode())


def who(peer):
    peer.answer(200, [("Cache-Control", "max-age=600")], ("you are " + peer.headers.get("authorization", "nobody")).encode())


def truncated(peer):
    peer.answer(200, [], b"half", length=8)
    raise Gone()


def truncated_chunk(peer):
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10\r\nhal")
    raise Gone()


def overlong(peer):
    peer.answer(200, [("Cache-Control", "max-age=600")], b"short and then some", length=5)
    raise Gone()


def two_lengths(peer):
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\nabcdefghi")
    raise Gone()


def bad_length(peer):
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nabcd")
    raise Gone()


def drip(peer):
    """One byte a second: alive, and of no use."""
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not release.wait(1):
        peer.send(b".")


def drip_header(peer):
    peer.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not release.wait(1):
        peer.send(b".")


def silent(peer):
    release.wait(60)
    raise Gone()


def held(peer):
    """Answers when /release is asked for: requests meanwhile meet each other."""
    with lock:
        now_active[peer.path] += 1
        most_active[peer.path] = max(most_active[peer.path], now_active[peer.path])
    release.wait(20)
    with lock:
        now_active[peer.path] -= 1
    peer.answer(200, [("Cache-Control", "max-age=600")], b"held")


def let_go(peer):
    release.set()
    peer.answer(200, [], b"")


def endless_headers(peer):
    peer.send(b"HTTP/1.1 200 OK\r\n")
    for i in range(1000000):
        peer.send(b"X-%d: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" % i)


def endless_line(peer):
    peer.send(b"HTTP/1.1 200 OK\r\nX: ")
    for i in range(100000):
        peer.send(b"a" * 10000)


def endless_interim(peer):
    for i in range(1000000):
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


def endless_body(peer):
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for i in range(1000000):
        peer.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def gzip_bomb(peer):
    """64 MiB out of 64 KiB, made at once: the same packed MiB again and again."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(b"\0" * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    peer.answer(200, [("Content-Encoding", "gzip")], gzip.compress(b"")[:10] + block * 64 + packer.flush())


def gzipped(peer):
    peer.answer(200, [("Content-Encoding", "gzip"), ("Cache-Control", "max-age=600")], gzip.compress(b"unpacked " * 1000))


def bad_gzip(peer):
    peer.answer(200, [("Content-Encoding", "gzip")], b"this is no gzip at all")


def loop(peer):
    peer.answer(302, [("Location", "/loop?%d" % (int(peer.query or 0) + 1))])


def redirect(peer):
    fields = urllib.parse.parse_qs(peer.query)
    peer.answer(int(fields.get("status", ["302"])[0]), [("Location", fields["to"][0]), ("Cache-Control", "max-age=600")])


def storm(peer):
    """The first n requests are refused with ?status and ?after."""
    fields = urllib.parse.parse_qs(peer.query)
    n, after = int(fields.get("n", ["1000000"])[0]), fields.get("after", [""])[0]
    if nth(peer) <= n:
        if after == "DATE":
            after = email.utils.formatdate(time.time() + 7200, usegmt=True)
        elif after == "SOON":
            after = email.utils.formatdate(time.time() + 1, usegmt=True)
        peer.answer(int(fields["status"][0]), [("Retry-After", after)] if after else [], b"later")
    else:
        peer.answer(200, [], b"served at %d" % nth(peer))


def reset_early(peer):
    if nth(peer) <= int(peer.query or 1000000):
        peer.reset()
    peer.answer(200, [], b"at last")


def reset_body(peer):
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"y" * 500)
    peer.reset()


def nonsense(peer):
    peer.send(b"220 mail.example.test ESMTP\r\n")
    raise Gone()


def no_answer(peer):
    raise Gone()


CONTENT = bytes((i * 7 + (i >> 8)) & 255 for i in range(3 << 20))


def file(peer):
    """3 MiB with ranges; ?cut=N closes the first answer after N bytes; ?changed gives another validator after the first."""
    fields = urllib.parse.parse_qs(peer.query, keep_blank_values=True)
    tag = '"f2"' if "changed" in fields and nth(peer) > 1 else '"f1"'
    start = 0
    if peer.headers.get("range", "").startswith("bytes=") and peer.headers.get("if-range") == tag:
        start = int(peer.headers["range"][6:-1])
    headers = [("ETag", tag)]
    if start > 0:
        headers.append(("Content-Range", "bytes %d-%d/%d" % (start, len(CONTENT) - 1, len(CONTENT))))
    cut = int(fields.get("cut", ["0"])[0]) if nth(peer) == 1 else 0
    body = CONTENT[start:]
    peer.answer(206 if start > 0 else 200, headers, body[:cut] if cut else body, length=len(body))
    if cut:
        raise Gone()


def wrong_range(peer):
    """Asked for the rest, sends the beginning under the name of the rest."""
    if "range" in peer.headers:
        peer.answer(206, [("ETag", '"f1"'), ("Content-Range", "bytes 0-9/10")], b"0123456789")
    else:
        peer.answer(200, [("ETag", '"f1"')], b"01234", length=10)
        raise Gone()


def flaky(peer):
    """Works once, then fails: ?status=..., ?cc=Cache-Control of the good answer; ?age makes it stale at once."""
    fields = urllib.parse.parse_qs(peer.query)
    if nth(peer) == 1:
        headers = [("Cache-Control", fields.get("cc", ["max-age=1"])[0]), ("ETag", '"f"')]
        if "age" in fields:
            headers.append(("Age", fields["age"][0]))
        peer.answer(200, headers, b"once good")
    elif fields["status"][0] == "reset":
        peer.reset()
    else:
        peer.answer(int(fields["status"][0]), [], b"broken")


def sized(peer):
    fields = urllib.parse.parse_qs(peer.query)
    peer.answer(200, [("Cache-Control", "max-age=600")], fields["fill"][0].encode() * int(fields["n"][0]))


def checked(peer):
    """A body that can be checked against its own first line."""
    import hashlib
    rest = os.urandom(20000)
    peer.answer(200, [("Cache-Control", "max-age=600")], hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)


cases = {"/" + f.__name__.replace("_", "-"): f for f in (
    plain, echo, etag, wrong_etag, vary, who, truncated, truncated_chunk, overlong, two_lengths, bad_length, drip, drip_header, silent,
    held, endless_headers, endless_line, endless_interim, endless_body, gzip_bomb, gzipped, bad_gzip, loop, redirect, storm,
    reset_early, reset_body, nonsense, no_answer, file, wrong_range, flaky, sized, checked)}
cases["/release"] = let_go


def serve(sock, context):
    try:
        if context is not None:
            sock = context.wrap_socket(sock, server_side=True)
        peer = Peer(sock, context is not None)
        while True:
            peer.request()
            if peer.path == "/count":
                peer.answer(200, [], str(counts[urllib.parse.unquote(peer.query)]).encode())
            elif peer.path == "/log":
                peer.answer(200, [], json.dumps(last_headers.get(urllib.parse.unquote(peer.query), {})).encode())
            elif peer.path == "/most":
                peer.answer(200, [], str(most_active[urllib.parse.unquote(peer.query)]).encode())
            elif peer.path in cases:
                with lock:
                    counts[peer.target] += 1
                    last_headers[peer.target] = dict(peer.headers)
                cases[peer.path](peer)
            else:
                peer.answer(404, [], b"nothing here")
    except (Gone, OSError, ValueError):
        pass
    finally:
        sock.close()


def main():
    context = None
    if len(sys.argv) > 3 and sys.argv[1] == "--tls":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    print(listener.getsockname()[1], flush=True)

    def accept():
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock, context), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.buffer.read()
    release.set()


main()
