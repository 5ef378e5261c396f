# SPDX-License-Identifier: GPL-3.0-or-later
"""What the mail tests share: TAP, a profile of their own, the command line."""
import atexit, json, os, shutil, signal, subprocess, sys, tempfile, time, traceback

sys.path.insert(0, os.path.join(os.environ.get("CIRRUS_SOURCE_ROOT", os.path.join(os.path.dirname(__file__), "..", "..", "..")), "tests", "servers"))
BUILD = os.environ.get("CIRRUS_BUILD_ROOT", os.path.join(os.path.dirname(__file__), "..", "..", "..", "build"))
CIRRUS = os.path.join(BUILD, "apps", "cli", "cirrus")
SERVICE = os.path.join(BUILD, "apps", "mail", "service", "cirrus-mail-service")
NAME = "org.cirrussuite.Mail.Service"
SLOWNESS = int(os.environ.get("CIRRUS_TEST_SLOWNESS", "1"))


def wait_for(what, description="it", seconds=60):
    """Calls @what until it returns something true, and returns that."""
    end = time.monotonic() + seconds * SLOWNESS
    while True:
        value = what()
        if value:
            return value
        assert time.monotonic() < end, "waited in vain for " + description
        time.sleep(.02)


class Profile:
    """One person's folders, and `cirrus` in them; passwords in the encrypted file, unlocked by a passphrase."""

    def __init__(self, ca=None):
        self.dir = tempfile.mkdtemp(prefix="cirrus-profile-")
        self.env = dict(os.environ, CIRRUS_PROFILE=self.dir, DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent", G_MESSAGES_DEBUG="")
        self.env.pop("CIRRUS_CA_FILE", None)
        if ca:
            self.env["CIRRUS_CA_FILE"] = ca

    def popen(self, *args, stdin=None, secrets=("passphrase",), **kw):
        """Secrets are written into pipes; {0}, {1} in @args become their descriptors."""
        pipes = []
        for text in secrets:
            r, w = os.pipe()
            os.write(w, text.encode() + b"\n")
            os.close(w)
            pipes.append(r)
        args = [a.format(*pipes) if a in ("{0}", "{1}") else a for a in args]
        p = subprocess.Popen([CIRRUS, "mail", *args], env=self.env, pass_fds=pipes, stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw)
        for r in pipes:
            os.close(r)
        return p

    def run(self, *args, stdin=None, secrets=("passphrase",), ok=True, timeout=120 * SLOWNESS):
        p = self.popen(*args, stdin=stdin, secrets=secrets)
        out, err = p.communicate(stdin.encode() if stdin is not None else None, timeout)
        self.status, self.stderr = p.returncode, err.decode(errors="replace")
        if ok:
            assert p.returncode == 0, "cirrus mail %s: %d: %s" % (" ".join(args), p.returncode, self.stderr)
        return [json.loads(l) for l in out.decode().splitlines()]

    def add(self, imap, smtp=None, starttls=False, password="testpass", name="Test"):
        more = ["--smtp", "localhost:%d" % smtp] if smtp else []
        return self.run("account", "add", "--name", name, "--address", "test@example.test", "--user", "test", "--imap", "localhost:%d" % imap,
                        *(["--imap-starttls"] if starttls else []), *more, "--password-fd", "{0}", "--passphrase-fd", "{1}", secrets=(password, "passphrase"))[0]["id"]

    def sync(self, ok=True, timeout=120 * SLOWNESS):
        return self.run("sync", "--passphrase-fd", "{0}", ok=ok, timeout=timeout)

    def has_folder(self, path):
        """Whether a sync has brought it already."""
        return any(f["path"] == path for f in self.run("folders")[0])

    def folder(self, path):
        return {m["message_id"]: m for m in self.run("list", "--account", "Test", "--folder", path, "--limit", "-1")}

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)


def message(number, subject="Hello", text="text", sender="other@example.test", extra=b"", size=0):
    body = text.encode() + b"\r\n" + b"x" * size
    return (("From: Other <%s>\r\nTo: test@example.test\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s@example.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
             % (sender, subject, time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(1790000000 + (number if isinstance(number, int) else 0) * 60)), number)).encode() + extra + b"\r\n" + body)


def run_tests(tests):
    """TAP for [(name, function)]."""
    print("TAP version 13\n1..%d" % len(tests), flush=True)
    failed = 0
    for i, (name, function) in enumerate(tests, 1):
        try:
            function()
            print("ok %d %s" % (i, name), flush=True)
        except Exception:
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            print("not ok %d %s" % (i, name), flush=True)
    return 1 if failed else 0


class Bus:
    """A bus of a profile's own, and the service on it."""

    def __init__(self, profile):
        self.process = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, env=profile.env)
        atexit.register(self.process.kill)
        self.address = self.process.stdout.readline().decode().strip()
        profile.env["DBUS_SESSION_BUS_ADDRESS"] = self.address
        self.profile = profile

    def service(self):
        p = subprocess.Popen([SERVICE], env=self.profile.env)
        atexit.register(p.kill)
        wait_for(lambda: self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", NAME).strip() == "(true,)")
        return p

    def call(self, name, path, method, *args):
        return subprocess.run(["gdbus", "call", "--session", "-d", name, "-o", path, "-m", method, *args], env=self.profile.env, capture_output=True, text=True).stdout

    def close(self):
        self.process.terminate()
        self.process.wait()


def stop(p):
    p.send_signal(signal.SIGTERM)
    assert p.wait(20 * SLOWNESS) == 0
