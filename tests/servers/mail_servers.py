# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Dovecot and Exim for the mail tests: free ports, a CA of their own, one folder, ended by pid."""
import atexit, getpass, grp, os, pwd, shutil, signal, socket, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def wait_port(port, process=None, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > end or (process is not None and process.poll() is not None):
                raise RuntimeError("nothing listens on port %d" % port)
            time.sleep(0.02)


def make_tls(folder):
    """A CA and certificates: good (localhost), wronghost, expired, selfsigned."""
    os.makedirs(folder)
    subprocess.run(["sh", os.path.join(HERE, "make-certs.sh"), folder], check=True)
    for name in os.listdir(folder):
        if name.endswith(".key"):
            os.chmod(os.path.join(folder, name), 0o644)


class MailServers:
    """test / testpass on Dovecot (imaps, imap with STARTTLS) and Exim (submission, submissions)."""

    def __init__(self, smtp=True):
        self.dir = tempfile.mkdtemp(prefix="cirrus-mail-")
        os.chmod(self.dir, 0o755)
        self.root = os.getuid() == 0
        self.processes = []
        atexit.register(self.stop)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        self.imap, self.imaps, self.lmtp, self.submission, self.submissions = free_ports(5)
        self.tls = os.path.join(self.dir, "tls")
        make_tls(self.tls)
        self.ca = os.path.join(self.tls, "ca.pem")
        self.home = os.path.join(self.dir, "mail", "test")
        self.maildir = os.path.join(self.home, "Maildir")
        user = pwd.getpwnam("mail") if self.root else pwd.getpwuid(os.getuid())
        self.uid, self.gid = user.pw_uid, user.pw_gid
        os.makedirs(self.home)
        for d in (os.path.join(self.dir, "mail"), self.home):
            os.chown(d, self.uid, self.gid)
        self.start_dovecot()
        if smtp:
            self.start_exim()

    def fill(self, template, target, words):
        with open(os.path.join(HERE, template)) as f:
            text = f.read()
        for key, value in words.items():
            text = text.replace("@%s@" % key, str(value))
        with open(target, "w") as f:
            f.write(text)

    def start_dovecot(self):
        folder = os.path.join(self.dir, "dovecot")
        os.makedirs(os.path.join(folder, "run"))
        me = getpass.getuser()
        plain = "" if self.root else "\n".join(
            "service %s {\n  chroot =\n}" % s for s in ("anvil", "imap-login", "stats", "submission-login", "pop3-login")) + "\nservice imap-login {\n  process_min_avail = 0\n}"
        with open(os.path.join(folder, "users"), "w") as f:
            f.write("test:{PLAIN}testpass:%d:%d::%s::\n" % (self.uid, self.gid, self.home))
        self.dovecot_conf = os.path.join(folder, "dovecot.conf")
        self.fill("dovecot.conf.in", self.dovecot_conf, {
            "DIR": self.dir, "LOGIN_USER": "dovenull" if self.root else me, "INTERNAL_USER": "dovecot" if self.root else me,
            "INTERNAL_GROUP": "dovecot" if self.root else grp.getgrgid(os.getgid()).gr_name, "UNPRIVILEGED": plain,
            "IMAP_PORT": self.imap, "IMAPS_PORT": self.imaps, "LMTP_PORT": self.lmtp})
        self.dovecot = subprocess.Popen([shutil.which("dovecot") or "/usr/sbin/dovecot", "-F", "-c", self.dovecot_conf], stdin=subprocess.DEVNULL)
        self.processes.append(self.dovecot)
        wait_port(self.imaps, self.dovecot)

    def start_exim(self):
        folder = os.path.join(self.dir, "exim")
        for d in ("", "spool", "log"):
            os.makedirs(os.path.join(folder, d), exist_ok=True)
            os.chown(os.path.join(folder, d), self.uid, self.gid)
        conf = os.path.join(folder, "exim.conf")
        self.fill("exim.conf.in", conf, {"DIR": self.dir, "MAIL_UID": self.uid, "MAIL_GID": self.gid, "LMTP_PORT": self.lmtp,
                                         "SUBMISSION_PORT": self.submission, "SUBMISSIONS_PORT": self.submissions})
        os.chmod(conf, 0o644)
        self.exim = subprocess.Popen([shutil.which("exim4") or "/usr/sbin/exim4", "-C", conf, "-bdf", "-oX",
                                      "<; [127.0.0.1]:%d ; [127.0.0.1]:%d" % (self.submission, self.submissions)], stdin=subprocess.DEVNULL)
        self.processes.append(self.exim)
        wait_port(self.submissions, self.exim)

    def client(self):
        """Another client's session, logged in."""
        import imaplib, ssl
        session = imaplib.IMAP4_SSL("localhost", self.imaps, ssl_context=ssl.create_default_context(cafile=self.ca))
        session.login("test", "testpass")
        return session

    def stop(self):
        for p in reversed(self.processes):
            if p.poll() is None:
                p.send_signal(signal.SIGTERM)
        for p in self.processes:
            try:
                p.wait(20)
            except subprocess.TimeoutExpired:
                p.kill()
        self.processes = []
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


if __name__ == "__main__":
    # For programs in other languages: says where things are in one line of JSON, ends when its input does.
    import json, sys
    with MailServers(smtp="--no-smtp" not in sys.argv) as servers:
        print(json.dumps({k: getattr(servers, k) for k in ("dir", "imap", "imaps", "lmtp", "submission", "submissions", "ca", "maildir", "uid", "gid")}), flush=True)
        sys.stdin.read()
