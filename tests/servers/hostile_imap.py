# SPDX-License-Identifier: GPL-3.0-or-later
"""IMAP servers that break their word, each on a free port: start(tls_folder) gives {name: (port, starttls)}."""
import os, socket, ssl, threading


def _line(c):
    data = b""
    while not data.endswith(b"\n"):
        d = c.recv(1)
        if not d:
            break
        data += d
    return data


def _context(folder, name):
    x = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    x.load_cert_chain(os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key"))
    return x


def _login(c):
    """Greets and lets the client in, up to its LIST."""
    c.sendall(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
    while True:
        l = _line(c)
        if not l:
            raise OSError("gone")
        tag, command = l.split()[0], l.split()[1].upper()
        if command == b"LIST":
            return tag
        if command == b"CAPABILITY":
            c.sendall(b"* CAPABILITY IMAP4rev1\r\n")
        c.sendall(tag + b" OK done\r\n")


def _select(c):
    """... up to its first FETCH."""
    tag = _login(c)
    c.sendall(b'* LIST () "/" INBOX\r\n' + tag + b" OK done\r\n")
    while True:
        l = _line(c)
        if not l:
            raise OSError("gone")
        tag = l.split()[0]
        if b" SELECT " in l.upper():
            c.sendall(b"* 1 EXISTS\r\n* OK [UIDVALIDITY 5] v\r\n* OK [UIDNEXT 2] n\r\n" + tag + b" OK [READ-WRITE] done\r\n")
        elif b"FETCH" in l.upper():
            return tag
        else:
            c.sendall(tag + b" OK done\r\n")


def _literal(size, close):
    def run(c):
        _select(c)
        c.sendall(b"* 1 FETCH (UID 1 FLAGS () BODY[] {%d}\r\n0123456789" % size)
        if not close:
            c.recv(1)
    return run


def _endless(c):
    _select(c)
    c.sendall(b"* OK ")
    while True:
        c.sendall(b"x" * 100000)


def _flood(c):
    _select(c)
    while True:
        c.sendall(b"* OK noise\r\n" * 5000)


def _silence(c):
    c.recv(1)


def _no_folders(c):
    tag = _login(c)
    c.sendall(tag + b" OK nothing\r\n")
    c.recv(1)


def _preauth(c):
    c.sendall(b"* PREAUTH welcome\r\n")
    _line(c)


def start(folder):
    good = _context(folder, "good")

    def injection(c):
        c.sendall(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
        tag = _line(c).split()[0]
        c.sendall(tag + b" OK begin TLS\r\n* OK injected\r\n")
        good.wrap_socket(c, server_side=True)

    servers = {"cut-literal": (_literal(1000000, True), good), "huge-literal": (_literal(4000000000, False), good), "endless-line": (_endless, good), "flood": (_flood, good),
               "silence": (_silence, good), "no-folders": (_no_folders, good), "preauth": (_preauth, None), "injection": (injection, None),
               "wronghost": (_silence, _context(folder, "wronghost")), "expired": (_silence, _context(folder, "expired")), "selfsigned": (_silence, _context(folder, "selfsigned"))}
    ports = {}
    for name, (run, context) in servers.items():
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        ports[name] = (listener.getsockname()[1], context is None)

        def loop(listener=listener, run=run, context=context):
            def one(c):
                try:
                    run(context.wrap_socket(c, server_side=True) if context else c)
                except OSError:
                    pass
                c.close()
            while True:
                c, _ = listener.accept()
                threading.Thread(target=one, args=(c,), daemon=True).start()
        threading.Thread(target=loop, daemon=True).start()
    return ports
