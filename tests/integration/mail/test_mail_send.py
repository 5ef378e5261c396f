#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending through a real Exim: journalled, handed over once, once in Sent; killed between the two; refused; offline."""
import glob, hashlib, json, os, random, select, signal, socket, sqlite3, sys, tempfile, threading
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mail_case import SLOWNESS, Bus, Profile, message, run_tests, stop, wait_for
from mail_servers import MailServers
from imap_proxy import ImapProxy

servers = MailServers()


def count(session, folder, subject):
    session.select(folder, readonly=True)
    return len(session.uid("SEARCH", None, 'SUBJECT "%s"' % subject)[1][0].split())


def arrived(session, subject, n=1):
    wait_for(lambda: count(session, "INBOX", subject) >= n)
    assert count(session, "INBOX", subject) == n


def test_once():
    session, profile = servers.client(), Profile(servers.ca)
    profile.add(servers.imaps, servers.submissions)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "Bild 图.bin")
        data = random.Random(9).randbytes(2 * 1024 * 1024)
        with open(path, "wb") as f:
            f.write(data)
        profile.run("send", "--to", "Test 测试 <test@example.test>", "--subject", "once 一次", "--attach", path, stdin="Grüße 你好\nline two\n", secrets=())
    assert profile.run("outbox")[0]["state"] == "waiting"
    profile.sync()
    assert not profile.run("outbox"), profile.run("outbox")
    arrived(session, "once")
    assert count(session, "Sent", "once") == 1
    profile.sync()
    mine = profile.folder("Sent")
    assert len(mine) == 1 and len([m for m in profile.folder("INBOX").values() if m["subject"] == "once 一次"]) == 1
    shown = profile.run("show", list(mine)[0])[0]
    assert shown["text"] == "Grüße 你好\nline two\n" and shown["to"] == [{"name": "Test 测试", "address": "test@example.test"}]
    assert shown["attachments"][0]["filename"] == "Bild 图.bin" and shown["attachments"][0]["sha256"] == hashlib.sha256(data).hexdigest()
    profile.close()


def killed_at(pattern):
    """SIGKILL after the submission server has the message and before (or while) the copy reaches Sent: the next one only completes that."""
    def test():
        subject = "killed-" + pattern.decode().lower().replace(" ", "")
        session, profile = servers.client(), Profile(servers.ca)
        proxy = ImapProxy(servers)
        profile.add(proxy.port, servers.submissions)
        profile.sync()
        profile.run("send", "--to", "test@example.test", "--subject", subject, stdin="x", secrets=())
        proxy.hold_at = pattern
        p = profile.popen("sync", "--passphrase-fd", "{0}")
        assert proxy.held.wait(60 * SLOWNESS)
        p.send_signal(signal.SIGKILL)
        p.communicate()
        arrived(session, subject)
        before = count(session, "Sent", subject)
        proxy.hold_at = None
        profile.sync()
        assert not profile.run("outbox"), profile.run("outbox")
        arrived(session, subject)
        assert count(session, "Sent", subject) == 1, before
        profile.close()
    return test


class AnswerThief(threading.Thread):
    """Passes a submission on to the server; from the moment when most of a large message went by, no answer comes back."""

    def __init__(self, port, limit):
        super().__init__(daemon=True)
        self.target, self.limit, self.steals, self.clients = port, limit, True, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            client = self.listener.accept()[0]
            self.clients.append(client)
            threading.Thread(target=self.relay, args=(client, socket.create_connection(("127.0.0.1", self.target))), daemon=True).start()

    def cut(self):
        for client in self.clients:
            client.shutdown(socket.SHUT_RDWR)

    def relay(self, client, server):
        passed = 0
        while True:
            sources = [client, server] if passed < self.limit or not self.steals else [client]
            for source in select.select(sources, [], [])[0]:
                try:
                    data = source.recv(65536)
                except ConnectionResetError:
                    data = b""
                if not data:
                    return client.close(), server.close()
                (server if source is client else client).sendall(data)
                passed += len(data) if source is client else 0


def journal_unheard(profile, to, subject):
    """A large message in the outbox of an account whose server's answer to it is stolen."""
    thief = AnswerThief(servers.submissions, 400000)
    profile.add(servers.imaps, thief.port)
    profile.sync()
    with tempfile.NamedTemporaryFile(suffix=".bin") as large:
        large.write(random.Random(3).randbytes(600000))
        large.flush()
        profile.run("send", "--to", to, "--subject", subject, "--attach", large.name, stdin="x", secrets=())
    return thief


def send_unheard(profile, to, subject, seen):
    """A send whose server has the message when @seen returns, and whose client has not heard so."""
    thief = journal_unheard(profile, to, subject)
    p = profile.popen("sync", "--passphrase-fd", "{0}")
    seen()
    thief.steals = False
    return p, thief


def test_killed_before_the_answer():
    """The server has the message and the process dies before it hears so: it is found where it arrived, copied to Sent, and not sent a second time."""
    session, profile = servers.client(), Profile(servers.ca)
    p, _ = send_unheard(profile, "test@example.test", "unheard", lambda: arrived(session, "unheard"))
    p.send_signal(signal.SIGKILL)
    p.communicate()
    profile.sync()
    assert not profile.run("outbox"), profile.run("outbox")
    assert (count(session, "INBOX", "unheard"), count(session, "Sent", "unheard")) == (1, 1)
    profile.close()


def test_cut_before_the_answer():
    """The same with the connection lost and the process alive: settled at once."""
    session, profile = servers.client(), Profile(servers.ca)
    p, thief = send_unheard(profile, "test@example.test", "cut-off", lambda: arrived(session, "cut-off"))
    thief.cut()
    p.communicate(timeout=60 * SLOWNESS)
    assert not profile.run("outbox"), profile.run("outbox")
    assert (count(session, "INBOX", "cut-off"), count(session, "Sent", "cut-off")) == (1, 1)
    profile.close()


def test_found_not_noted():
    """The same, and the disk does not take the note that it was found: the copy is in Sent, and it is settled without that note."""
    session, profile = servers.client(), Profile(servers.ca)
    p, thief = send_unheard(profile, "test@example.test", "found-unnoted", lambda: arrived(session, "found-unnoted"))
    refuse_note(profile, "accepted")
    thief.cut()
    p.communicate(timeout=60 * SLOWNESS)
    profile.sync()
    assert not profile.run("outbox"), profile.run("outbox")
    assert (len(thief.clients), count(session, "INBOX", "found-unnoted"), count(session, "Sent", "found-unnoted")) == (1, 1, 1), thief.clients
    profile.close()


def test_found_later():
    """Nothing on the server tells whether the message went out: the user is asked, nothing is repeated; when it turns up in Sent, it is settled."""
    session, profile = servers.client(), Profile(servers.ca)
    bounces = count(session, "INBOX", "Mail delivery failed")
    p, thief = send_unheard(profile, "nobody@example.test", "elsewhere", lambda: arrived(session, "Mail delivery failed", bounces + 1))
    thief.cut()
    p.communicate(timeout=60 * SLOWNESS)
    for _ in range(2):
        entry = profile.run("outbox")[0]
        assert entry["state"] == "uncertain" and count(session, "Sent", "elsewhere") == 0, entry
        profile.sync()
    assert count(session, "INBOX", "Mail delivery failed") == bounces + 1
    session.append("Sent", None, None, ("From: test@example.test\r\nSubject: elsewhere\r\nMessage-ID: <%s@example.test>\r\n\r\nx\r\n" % entry["uuid"]).encode())
    profile.sync()
    assert not profile.run("outbox"), profile.run("outbox")
    assert count(session, "Sent", "elsewhere") == 1
    profile.close()


def test_looked_for_again():
    """The service looks again after a minute by itself for what may have been sent."""
    session, profile = servers.client(), Profile(servers.ca)
    bus = Bus(profile)
    bounces = count(session, "INBOX", "Mail delivery failed")
    thief = journal_unheard(profile, "nobody@example.test", "turns-up")
    uuid = profile.run("outbox")[0]["uuid"]
    service = bus.service()
    arrived(session, "Mail delivery failed", bounces + 1)
    wait_for(lambda: sum("failed" in m["subject"] for m in profile.folder("INBOX").values()) == bounces + 1)
    thief.steals = False
    thief.cut()
    wait_for(lambda: [entry["state"] for entry in profile.run("outbox")] == ["uncertain"])
    session.append("Sent", None, None, ("From: test@example.test\r\nSubject: turns-up\r\nMessage-ID: <%s@example.test>\r\n\r\nx\r\n" % uuid).encode())
    wait_for(lambda: not profile.run("outbox"), "the look after a minute", 150)
    assert count(session, "INBOX", "Mail delivery failed") == bounces + 1 and count(session, "Sent", "turns-up") == 1
    stop(service)
    bus.close()
    profile.close()


def test_confirmed():
    """The user says that a message of unknown outcome arrived: it leaves the outbox, and nothing is sent again."""
    session, profile = servers.client(), Profile(servers.ca)
    bounces = count(session, "INBOX", "Mail delivery failed")
    p, thief = send_unheard(profile, "nobody@example.test", "confirmed", lambda: arrived(session, "Mail delivery failed", bounces + 1))
    thief.cut()
    p.communicate(timeout=60 * SLOWNESS)
    entry = profile.run("outbox")[0]
    assert entry["state"] == "uncertain", entry
    profile.run("outbox", "confirm", entry["uuid"], secrets=())
    assert not profile.run("outbox"), profile.run("outbox")
    profile.sync()
    assert count(session, "INBOX", "Mail delivery failed") == bounces + 1
    profile.close()


def cancelled(profile):
    """Takes the one message out of the outbox; returns the state it had, and whether it was sent, as far as is known."""
    entry, = profile.run("outbox")
    answer, = profile.run("outbox", "cancel", entry["uuid"], secrets=())
    assert answer["uuid"] == entry["uuid"] and not profile.run("outbox")
    return entry["state"], answer["sent"]


def test_cancelled_perhaps_sent():
    """Taken out of the outbox while it waits: whether it may have gone out is told by what was noted, not by its waiting."""
    session, profile = servers.client(), Profile(servers.ca)
    proxy = ImapProxy(servers)
    profile.add(proxy.port, servers.submissions)
    profile.sync()
    profile.run("send", "--to", "test@example.test", "--subject", "never-begun", stdin="x", secrets=())
    assert cancelled(profile) == ("waiting", "no")
    profile.run("send", "--to", "defer451@example.test", "--subject", "deferred-noted", stdin="x", secrets=())
    profile.sync()
    assert cancelled(profile) == ("waiting", "no")
    profile.run("send", "--to", "test@example.test", "--subject", "copy-missing", stdin="x", secrets=())
    proxy.hold_at = rb"SEARCH"
    p = profile.popen("sync", "--passphrase-fd", "{0}")
    assert proxy.held.wait(60 * SLOWNESS)
    proxy.close()
    proxy.cut()
    p.communicate(timeout=60 * SLOWNESS)
    assert cancelled(profile) == ("waiting", "yes")
    arrived(session, "copy-missing")
    profile.run("send", "--to", "defer451@example.test", "--subject", "deferred-unnoted", stdin="x", secrets=())
    refuse_note(profile, "")
    profile.sync(ok=False)
    assert cancelled(profile) == ("waiting", "perhaps")
    profile.close()


def test_cancelled_on_a_full_disk():
    """What cannot be kept as a draft is not taken out of the outbox; nor is a draft left of what cannot be taken out."""
    profile = Profile(servers.ca)
    profile.add(servers.imaps, servers.submissions)
    profile.run("send", "--to", "test@example.test", "--subject", "kept-somewhere", stdin="x", secrets=())
    entry, = profile.run("outbox")
    mail, = glob.glob(os.path.join(profile.dir, "data", "mail", "*", "mail.db"))
    store = sqlite3.connect(mail, timeout=60, isolation_level=None)
    store.execute("CREATE TRIGGER full BEFORE INSERT ON draft BEGIN SELECT RAISE (ABORT, 'no'); END")
    profile.run("outbox", "cancel", entry["uuid"], secrets=(), ok=False)
    assert profile.status == 1 and profile.run("outbox") == [entry], profile.stderr
    store.execute("DROP TRIGGER full")
    path, = glob.glob(os.path.join(profile.dir, "data", "**", "outbox.db"), recursive=True)
    journal = sqlite3.connect(path, timeout=60, isolation_level=None)
    journal.execute("CREATE TRIGGER full BEFORE UPDATE ON entry BEGIN SELECT RAISE (ABORT, 'no'); END")
    profile.run("outbox", "cancel", entry["uuid"], secrets=(), ok=False)
    assert profile.status == 1 and not store.execute("SELECT id FROM draft").fetchall(), profile.stderr
    journal.execute("DROP TRIGGER full")
    profile.run("outbox", "cancel", entry["uuid"], secrets=())
    assert not profile.run("outbox") and len(store.execute("SELECT id FROM draft").fetchall()) == 1
    store.close()
    journal.close()
    profile.close()


def test_killed_after_copy():
    """The copy is in Sent, and the process dies before it learns so: it is found there, not made again."""
    session, profile = servers.client(), Profile(servers.ca)
    proxy = ImapProxy(servers)
    profile.add(proxy.port, servers.submissions)
    profile.sync()
    profile.run("send", "--to", "test@example.test", "--subject", "copied-already", stdin="x", secrets=())
    proxy.hold_at = rb"APPEND"
    p = profile.popen("sync", "--passphrase-fd", "{0}")
    assert proxy.held.wait(60 * SLOWNESS)
    p.send_signal(signal.SIGKILL)
    p.communicate()
    arrived(session, "copied-already")
    session.select("INBOX")
    uid = session.uid("SEARCH", None, 'SUBJECT "copied-already"')[1][0]
    session.uid("COPY", uid, "Sent")
    proxy.hold_at = None
    profile.sync()
    assert count(session, "Sent", "copied-already") == 1 and not profile.run("outbox")
    profile.close()


def test_answered():
    """When a reply has gone out, its message says so here and on the server; when a forward has, too; nothing of it before."""
    session, profile = servers.client(), Profile(servers.ca)
    session.append("INBOX", None, None, message("ask-1", subject="ask one"))
    session.append("INBOX", None, None, message("ask-2", subject="ask two"))
    profile.add(servers.imaps, servers.submissions)
    profile.sync()

    def flags(subject):
        session.select("INBOX", readonly=True)
        uid = session.uid("SEARCH", None, 'HEADER Message-ID "%s@example.test"' % subject)[1][0].decode()
        return session.uid("FETCH", uid, "(FLAGS)")[1][0].decode()
    profile.run("send", "--reply", "ask-1@example.test", "--to", "test@example.test", stdin="my answer\n", secrets=())
    profile.run("send", "--forward", "ask-2@example.test", "--to", "test@example.test", stdin="see below\n", secrets=())
    assert not profile.folder("INBOX")["ask-1@example.test"]["answered"] and "Answered" not in flags("ask-1")
    profile.sync()
    profile.sync()
    assert not profile.run("outbox"), profile.run("outbox")
    here = profile.folder("INBOX")
    one, two = here["ask-1@example.test"], here["ask-2@example.test"]
    assert (one["answered"], one["forwarded"], two["answered"], two["forwarded"]) == (True, False, False, True), (one, two)
    assert "\\Answered" in flags("ask-1") and "$Forwarded" not in flags("ask-1"), flags("ask-1")
    assert "$Forwarded" in flags("ask-2") and "\\Answered" not in flags("ask-2"), flags("ask-2")
    sent = [m for m in profile.folder("Sent").values() if m["subject"] == "Re: ask one"]
    assert len(sent) == 1 and "my answer" in profile.run("show", sent[0]["message_id"])[0]["text"]
    profile.close()


def test_second_keeps_off():
    """While one process is sending, a second one that would like to leaves it alone: what is being sent is not taken for that of somebody dead."""
    session, profile = servers.client(), Profile(servers.ca)
    proxy = ImapProxy(servers)
    profile.add(proxy.port, servers.submissions)
    profile.sync()
    profile.run("send", "--to", "test@example.test", "--subject", "only-one", stdin="x", secrets=())
    proxy.hold_at = rb"SEARCH"
    p = profile.popen("sync", "--passphrase-fd", "{0}")
    assert proxy.held.wait(60 * SLOWNESS)
    proxy.hold_at = None
    profile.sync()
    assert "at work" in profile.stderr, profile.stderr
    assert [entry["state"] for entry in profile.run("outbox")] == ["sending"] and count(session, "Sent", "only-one") == 0
    p.send_signal(signal.SIGKILL)
    p.communicate()
    profile.sync()
    assert not profile.run("outbox"), profile.run("outbox")
    arrived(session, "only-one")
    assert count(session, "Sent", "only-one") == 1
    profile.close()


def refuse_note(profile, text):
    """From now on the disk does not take this note of a send."""
    path, = glob.glob(os.path.join(profile.dir, "data", "**", "outbox.db"), recursive=True)
    db = sqlite3.connect(path, timeout=60)
    db.execute("CREATE TRIGGER full BEFORE UPDATE OF progress ON entry WHEN CAST (NEW.progress AS TEXT) = '%s' BEGIN SELECT RAISE (ABORT, 'no'); END" % text)
    db.commit()
    db.close()


def test_accepted_not_noted():
    """The server took it, the note of that could not be written, and the copy failed: looked for and found, not handed over again."""
    session, profile = servers.client(), Profile(servers.ca)
    proxy, smtp = ImapProxy(servers), AnswerThief(servers.submissions, 1 << 40)
    profile.add(proxy.port, smtp.port)
    profile.sync()
    profile.run("send", "--to", "test@example.test", "--subject", "not-noted", stdin="x", secrets=())
    refuse_note(profile, "accepted")
    proxy.hold_at = rb"SEARCH"
    p = profile.popen("sync", "--passphrase-fd", "{0}")
    assert proxy.held.wait(60 * SLOWNESS)
    arrived(session, "not-noted")
    proxy.close()
    proxy.cut()
    p.communicate(timeout=60 * SLOWNESS)
    path = os.path.join(profile.dir, "data", "common", "accounts.json")
    with open(path) as f:
        good = f.read().replace(str(proxy.port), str(servers.imaps))
    with open(path, "w") as f:
        f.write(good)
    profile.sync()
    assert not profile.run("outbox"), profile.run("outbox")
    assert (len(smtp.clients), count(session, "INBOX", "not-noted"), count(session, "Sent", "not-noted")) == (1, 1, 1), smtp.clients
    profile.close()


def test_refusal_not_noted():
    """The server refused it for now, and that could not be noted: it may have gone out as far as the journal tells, so only the user sends it again."""
    profile = Profile(servers.ca)
    smtp = AnswerThief(servers.submissions, 1 << 40)
    profile.add(servers.imaps, smtp.port)
    profile.sync()
    profile.run("send", "--to", "defer451@example.test", "--subject", "deferred-unnoted", stdin="x", secrets=())
    refuse_note(profile, "")
    for _ in range(3):
        profile.sync()
    entry = profile.run("outbox")[0]
    assert (entry["state"], len(smtp.clients)) == ("uncertain", 1), (entry, smtp.clients)
    profile.run("outbox", "retry", entry["uuid"])
    profile.sync()
    assert len(smtp.clients) == 2, smtp.clients
    profile.close()


def test_killed_and_account_missing():
    """The same death, and the account is away when the next one looks: nothing is known, and it is not taken for failed."""
    session, profile = servers.client(), Profile(servers.ca)
    p, thief = send_unheard(profile, "test@example.test", "orphaned", lambda: arrived(session, "orphaned"))
    p.send_signal(signal.SIGKILL)
    p.communicate()
    path = os.path.join(profile.dir, "data", "common", "accounts.json")
    with open(path) as f:
        good = f.read()
    profile.add(servers.imaps, servers.submissions, name="Second")
    with open(path) as f:
        both = json.load(f)
    second = dict(both, accounts=[a for a in both["accounts"] if a["name"] == "Second"])
    with open(path, "w") as f:
        json.dump(second, f)
    profile.sync()
    assert [entry["state"] for entry in profile.run("outbox")] == ["uncertain"], profile.run("outbox")
    with open(path, "w") as f:
        f.write(good)
    profile.sync()
    assert not profile.run("outbox"), profile.run("outbox")
    assert (len(thief.clients), count(session, "INBOX", "orphaned"), count(session, "Sent", "orphaned")) == (1, 1, 1)
    profile.close()


def test_refused():
    """A recipient refused for good: the entry says so and goes on when it is retried or cancelled; one refused for now waits."""
    session, profile = servers.client(), Profile(servers.ca)
    profile.add(servers.imaps, servers.submissions)
    profile.run("send", "--to", "reject550@example.test", "--subject", "refused", stdin="x", secrets=())
    profile.sync()
    entry = profile.run("outbox")[0]
    assert (entry["state"], entry["error"]) == ("failed", "denied"), entry
    profile.run("outbox", "cancel", entry["uuid"])
    assert not profile.run("outbox")
    profile.run("send", "--to", "defer451@example.test", "--subject", "deferred", stdin="x", secrets=())
    profile.sync()
    entry = profile.run("outbox")[0]
    assert (entry["state"], entry["error"]) == ("waiting", "try-later"), entry
    assert count(session, "Sent", "refused") == 0 and count(session, "Sent", "deferred") == 0
    profile.close()


def test_invalid():
    profile = Profile(servers.ca)
    profile.add(servers.imaps, servers.submissions)
    profile.run("send", "--to", "not an address", "--subject", "bad", stdin="x", secrets=(), ok=False)
    assert profile.status == 1 and not profile.run("outbox")
    profile.close()


def test_offline():
    """Sent with no network at all: it waits, and goes once when the network is back."""
    session, profile = servers.client(), Profile(servers.ca)
    proxy = ImapProxy(servers)
    id = profile.add(proxy.port, servers.submissions)
    profile.sync()
    path = os.path.join(profile.dir, "data", "common", "accounts.json")
    with open(path) as f:
        good = f.read()
    with open(path, "w") as f:
        f.write(good.replace(str(proxy.port), "1").replace(str(servers.submissions), "1"))
    profile.run("send", "--to", "test@example.test", "--subject", "later-mail", stdin="x", secrets=())
    profile.sync(ok=False)
    assert profile.status == 1
    assert profile.run("outbox")[0]["state"] == "waiting" and profile.run("outbox")[0]["error"] == "offline"
    with open(path, "w") as f:
        f.write(good)
    profile.sync()
    assert not profile.run("outbox")
    arrived(session, "later-mail")
    assert count(session, "Sent", "later-mail") == 1
    profile.close()


tests = [("/mail/send/arrives-once-and-once-in-sent", test_once), ("/mail/send/killed-before-the-copy-is-looked-for", killed_at(b"SEARCH")),
         ("/mail/send/killed-before-the-copy", killed_at(b"APPEND")), ("/mail/send/killed-after-the-copy", test_killed_after_copy),
         ("/mail/send/killed-before-the-answer-is-found-and-not-sent-twice", test_killed_before_the_answer),
         ("/mail/send/cut-before-the-answer-is-found-at-once", test_cut_before_the_answer),
         ("/mail/send/found-on-the-server-and-not-noted-is-settled", test_found_not_noted),
         ("/mail/send/unknown-outcome-asks-until-it-turns-up", test_found_later),
         ("/mail/send/unnoted-acceptance-is-not-sent-twice", test_accepted_not_noted),
         ("/mail/send/unnoted-refusal-asks-the-user", test_refusal_not_noted),
         ("/mail/send/interrupted-without-its-account-asks-the-user", test_killed_and_account_missing),
         ("/mail/send/unknown-outcome-is-confirmed-by-the-user", test_confirmed),
         ("/mail/send/taken-out-says-whether-it-may-be-sent", test_cancelled_perhaps_sent),
         ("/mail/send/taken-out-on-a-full-disk-is-not-lost", test_cancelled_on_a_full_disk),
         ("/mail/send/answered-and-forwarded-are-marked", test_answered),
         ("/mail/send/a-second-process-keeps-off", test_second_keeps_off),
         ("/mail/send/refused-and-deferred", test_refused), ("/mail/send/invalid-recipient", test_invalid), ("/mail/send/offline-then-once", test_offline)]
slow = [("/mail/send/unknown-outcome-is-looked-for-again-by-the-service", test_looked_for_again)]
if __name__ == "__main__":
    status = run_tests([t for t in tests + slow if sys.argv[1] in t[0]] if len(sys.argv) > 1 else tests)
    servers.stop()
    sys.exit(status)
