#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A submission server that fails where it is told to.

    hostile_smtp.py CERT.pem KEY.pem

It listens on free ports of 127.0.0.1, prints them on its first line, and ends when its standard input ends.  In this order: TLS on connect;
STARTTLS; one that offers no STARTTLS; TLS on connect without AUTH; the same with AUTH LOGIN only.

Who sends decides what happens: the local part of MAIL FROM is FAILURE-STEP, FAILURE one of cut, silent, or a reply code, STEP one of
mail, rcpt, data, body, end, quit; "ok" fails nowhere.  The users "cut", "silent", "later" fail so, "tester" logs in with "secret" or the
token "token".  Recipients named bad... get 550, busy... 450; count@test gets 550 and the number of messages whose end arrived."""
import base64, socket, ssl, sys, threading

arrived = []
lock = threading.Lock()
closing = threading.Event()


class Gone(Exception):
    pass


class Session:
    def __init__(self, sock, secure, context, mode):
        self.sock, self.secure, self.context, self.mode = sock, secure, context, mode
        self.buffer = b""

    def line(self):
        while b"\n" not in self.buffer:
            data = self.sock.recv(65536)
            if not data:
                raise Gone()
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def say(self, text):
        self.sock.sendall(text.encode() + b"\r\n")

    def fail(self, how):
        if how == "cut":
            raise Gone()
        if how == "silent":
            closing.wait(60)
            raise Gone()
        self.say(how + " 5.9.9 as told")

    def step(self, name, good):
        """Answers @good, or fails if this is the step to fail at."""
        if self.where == name:
            self.fail(self.how)
            return False
        self.say(good)
        return True

    def login(self, mechanism, initial):
        def more(prompt):
            self.say("334 " + base64.b64encode(prompt).decode())
            return base64.b64decode(self.line())
        if mechanism == "LOGIN":
            user, secret = more(b"Username:").decode(), more(b"Password:").decode()
        else:
            data = base64.b64decode(initial) if initial else more(b"")
            if mechanism == "PLAIN":
                _, user, secret = data.decode().split("\0")
            else:
                fields = dict(f.split("=", 1) for f in data.decode().replace(",", "\x01").split("\x01") if "=" in f)
                user, secret = fields.get("user") or fields.get("a"), fields.get("auth", " ").split()[-1]
        if user in ("cut", "silent"):
            self.fail(user)
        elif user == "later":
            self.say("454 4.7.0 try later")
        elif user == "tester" and secret in ("secret", "token"):
            self.say("235 2.7.0 welcome")
        else:
            self.say("535 5.7.8 no")

    def run(self):
        self.where = self.how = ""
        self.say("220 hostile.example.test ESMTP")
        while True:
            line = self.line()
            word = line.split(" ")[0].upper()
            if word == "EHLO":
                self.say("250-hostile.example.test")
                if not self.secure and self.mode != "strip":
                    self.say("250-STARTTLS")
                if self.secure and self.mode != "plainless":
                    self.say("250-AUTH PLAIN LOGIN OAUTHBEARER XOAUTH2" if self.mode != "login" else "250-AUTH LOGIN")
                self.say("250 SMTPUTF8")
            elif word == "STARTTLS":
                self.say("220 go ahead")
                self.sock = self.context.wrap_socket(self.sock, server_side=True)
                self.secure, self.buffer = True, b""
            elif word == "AUTH":
                parts = line.split(" ")
                self.login(parts[1].upper(), parts[2] if len(parts) > 2 else "")
            elif word == "MAIL":
                name = line.split("<", 1)[1].split("@")[0]
                self.how, _, self.where = name.partition("-")
                self.utf8 = "SMTPUTF8" in line
                self.step("mail", "250 ok")
            elif word == "RCPT":
                name = line.split("<", 1)[1].split(">")[0]
                if name == "count@test":
                    self.say("550 5.1.1 %d" % len(arrived))
                elif name.startswith("bad"):
                    self.say("550 5.1.1 no such user")
                elif name.startswith("busy"):
                    self.say("450 4.2.1 busy")
                else:
                    self.step("rcpt", "250 ok")
            elif word == "DATA":
                if self.step("data", "354 go on"):
                    message = []
                    while True:
                        line = self.line()
                        if self.where == "body":
                            self.fail(self.how)
                        if line == ".":
                            break
                        message.append(line)
                    with lock:
                        arrived.append(message)
                    self.step("end", "250 2.0.0 taken as %d%s" % (len(arrived), " utf8" if self.utf8 else ""))
            elif word == "QUIT":
                if self.where == "quit":
                    self.fail(self.how)
                self.say("221 bye")
                raise Gone()
            else:
                self.say("250 ok")


def listen(context, implicit, mode):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)

    def serve(sock):
        try:
            if implicit:
                sock = context.wrap_socket(sock, server_side=True)
            session = Session(sock, implicit, context, mode)
            session.run()
        except (Gone, OSError, ValueError):
            pass
        finally:
            try:
                (session.sock if "session" in locals() else sock).close()
            except OSError:
                pass

    def accept():
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    ports = [listen(context, True, ""), listen(context, False, ""), listen(context, False, "strip"),
             listen(context, True, "plainless"), listen(context, True, "login")]
    print(" ".join(str(p) for p in ports), flush=True)
    sys.stdin.buffer.read()
    closing.set()


main()
