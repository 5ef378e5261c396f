#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line and service at work on one profile, each started by others as in life, and the service (who holds the lease) killed again and again in
the middle: every message arrives once and is once in Sent, and what one process does the other shows within a second.  The window joins
them in tests/ui/mail."""
import atexit, os, random, select, signal, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mail_case import CIRRUS, SLOWNESS, Profile, message, run_tests, wait_for
from mail_servers import MailServers

PREFIX = os.environ.get("CIRRUS_PREFIX", os.path.join(os.path.dirname(CIRRUS), "..", "..", "install"))
ID = os.environ.get("CIRRUS_ID_PREFIX", "org.cirrussuite") + ".Mail.Service"
SEED = int(os.environ.get("CIRRUS_TEST_SEED", random.randrange(1 << 30)))
N_MESSAGES = int(os.environ.get("CIRRUS_TEST_MESSAGES", 16))
N_KILLS = N_MESSAGES // 2

servers = MailServers()


class Bus:
    """A session bus that starts our services from the prefix."""

    def __init__(self, profile):
        self.env = dict(profile.env, XDG_DATA_DIRS=PREFIX + "/share:/usr/local/share:/usr/share", G_MESSAGES_DEBUG="")
        del self.env["DBUS_SESSION_BUS_ADDRESS"]
        read, write = os.pipe()
        self.daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=%d" % write], env=self.env,
                                       pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.daemon.kill)  # and with it what it started, when a test fails before its end
        os.close(write)
        with os.fdopen(read) as address:
            self.env["DBUS_SESSION_BUS_ADDRESS"] = profile.env["DBUS_SESSION_BUS_ADDRESS"] = address.readline().strip()

    def call(self, dest, path, method, *arguments):
        return subprocess.run(["gdbus", "call", "--session", "--dest", dest, "--object-path", path, "--method", method, *arguments], env=self.env,
                              capture_output=True, text=True, timeout=60 * SLOWNESS)

    def wake(self):
        """As any process of the app does: the bus starts the service if it is not there."""
        answer = self.call(ID, "/" + ID.replace(".", "/"), "org.gtk.Actions.Activate", "sync", "[]", "{}")
        assert answer.returncode == 0, answer.stderr

    def service_pid(self):
        answer = self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.GetConnectionUnixProcessID", ID)
        return int(answer.stdout.split()[1].rstrip(",)")) if answer.returncode == 0 else None

    def close(self):
        pid = self.service_pid()
        if pid:
            os.kill(pid, signal.SIGTERM)
        self.daemon.terminate()
        self.daemon.wait()


def subjects(session, folder):
    session.select(folder, readonly=True)
    numbers = session.search(None, 'SUBJECT "proc-"')[1][0].split()
    found = []
    for number in numbers:
        header = session.fetch(number, "(BODY[HEADER.FIELDS (SUBJECT)])")[1][0][1].decode()
        found.append(header.split(":", 1)[1].strip())
    return sorted(found)


def opened():
    profile = Profile(servers.ca)
    profile.add(servers.imaps, servers.submissions)
    bus = Bus(profile)
    read, write = os.pipe()
    os.write(write, b"passphrase\n")
    os.close(write)
    subprocess.run([CIRRUS, "account", "unlock", "--fd", str(read)], env=profile.env, pass_fds=[read], check=True, capture_output=True)
    os.close(read)
    bus.wake()
    return profile, bus


def test_killed_in_the_middle():
    print("# seed %d" % SEED, flush=True)
    dice = random.Random(SEED)
    session, (profile, bus) = servers.client(), opened()
    kill_before = set(dice.sample(range(N_MESSAGES), N_KILLS))
    kills = 0
    for number in range(N_MESSAGES):
        profile.run("send", "--to", "test@example.test", "--subject", "proc-%03d" % number, stdin="x", secrets=())
        bus.wake()
        if number in kill_before:
            # Anywhere between the first byte to the submission server and the copy in Sent, or while nothing is going on.
            select.select([], [], [], dice.random() * .25)
            pid = bus.service_pid()
            if pid:
                os.kill(pid, signal.SIGKILL)
                kills += 1
                wait_for(lambda: bus.service_pid() != pid, "the bus to see the death")
                bus.wake()
    assert kills >= N_KILLS // 2, kills

    def settled():
        waiting = profile.run("outbox")
        bus.wake()
        return all(entry["state"] == "uncertain" for entry in waiting) and [waiting]
    uncertain = wait_for(settled, "the outbox to empty")[0]
    expected = ["proc-%03d" % number for number in range(N_MESSAGES)]
    inbox, sent = subjects(session, "INBOX"), subjects(session, "Sent")
    # What was in the server's hands when the process died is not guessed at: it is shown as uncertain, never sent a second time by itself.
    assert len(set(inbox)) == len(inbox) and len(set(sent)) == len(sent), (inbox, sent)
    assert set(expected) - set(inbox) <= {entry["label"] for entry in uncertain}, (inbox, uncertain)
    assert set(expected) - set(sent) <= {entry["label"] for entry in uncertain}, (sent, uncertain)
    assert len(uncertain) <= kills, uncertain
    print("# %d messages, %d kills, %d uncertain" % (N_MESSAGES, kills, len(uncertain)), flush=True)
    bus.close()
    profile.close()


def test_seen_within_a_second():
    """A message that another client brings is fetched by the service; the command line, which asks nobody, has it a second later."""
    session, (profile, bus) = servers.client(), opened()
    wait_for(lambda: profile.has_folder("INBOX"), "the first sync")
    answer = lambda: {m["subject"] for m in profile.folder("INBOX").values()}
    session.append("INBOX", None, None, message("seen-1", subject="seen by all"))
    wait_for(lambda: "seen by all" in answer(), "the new message")
    assert bus.service_pid(), "the service waits for news"
    bus.close()
    profile.close()


tests = [("/mail/processes/sender-killed-in-the-middle-nothing-twice-nothing-missed", test_killed_in_the_middle),
         ("/mail/processes/news-reach-every-process", test_seen_within_a_second)]
status = run_tests([t for t in tests if len(sys.argv) < 2 or sys.argv[1] in t[0]])
servers.stop()
sys.exit(status)
