#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Syncing a real Dovecot, whatever it offers; reading and searching with the network gone."""
import base64, contextlib, glob, hashlib, os, random, re, signal, sqlite3, sys, tempfile
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mail_case import Profile, message, run_tests, wait_for
from mail_servers import MailServers
from imap_proxy import ImapProxy

ALL = ("QRESYNC", "CONDSTORE", "MOVE", "UIDPLUS", "ENABLE")
VARIANTS = {"qresync": (), "condstore": ("QRESYNC",), "plain": ("QRESYNC", "CONDSTORE", "ENABLE"), "bare": ALL + ("IDLE", "SPECIAL-USE", "ID", "SASL-IR")}
servers = MailServers(smtp=False)


def truth(session, folder):
    """{message id: flags} as the server has it."""
    status, exists = session.select(folder, readonly=True)
    assert status == "OK"
    found = {}
    if int(exists[0]) == 0:
        return found
    for item in session.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1] or []:
        if isinstance(item, tuple):
            id = item[1].split(b"<", 1)[1].split(b">", 1)[0].decode()
            found[id] = {"unread": b"\\Seen" not in item[0], "starred": b"\\Flagged" in item[0]}
    return found


def check(profile, session, folders=("INBOX", "Archive", "Lists/dev")):
    for folder in folders:
        mine = {k: {"unread": v["unread"], "starred": v["starred"]} for k, v in profile.folder(folder).items()}
        theirs = truth(session, folder)
        assert mine == theirs, (folder, {k: (mine.get(k), theirs.get(k)) for k in set(mine) | set(theirs) if mine.get(k) != theirs.get(k)})


def empty(session, folder):
    session.select(folder)
    for uid in session.uid("SEARCH", None, "ALL")[1][0].split():
        session.uid("STORE", uid, "+FLAGS", "\\Deleted")
    session.expunge()


def fill(session, n=120):
    empty(session, "INBOX")
    for i in range(n):
        session.append("INBOX", "\\Seen" if i % 3 else None, None, message("a%d" % i, "Number %d 会议" % i, "body %d 合同 Überweisung" % i))
    for i in range(20):
        session.append("Lists/dev", None, None, message("d%d" % i, "List %d" % i))


def change(session, seed):
    """A day of another client."""
    r = random.Random(seed)
    session.select("INBOX")
    uids = session.uid("SEARCH", None, "ALL")[1][0].split()
    picked = r.sample(uids, 30)
    session.uid("STORE", b",".join(picked[:10]), "+FLAGS", "(\\Flagged)")
    session.uid("STORE", b",".join(picked[:5]), "-FLAGS", "(\\Seen)")
    session.uid("STORE", b",".join(picked[10:20]), "+FLAGS", "(\\Deleted)")
    session.uid("EXPUNGE", b",".join(picked[10:20]))
    session.uid("MOVE", b",".join(picked[20:]), "Archive")
    for i in range(15):
        session.append("INBOX", None, None, message("n%d-%d" % (seed, i), "New %d" % i))


def variant(name):
    def test():
        session, profile = servers.client(), Profile(servers.ca)
        proxy = ImapProxy(servers, VARIANTS[name])
        fill(session)
        profile.add(proxy.port)
        profile.sync()
        check(profile, session)
        for seed in (1, 2):
            change(session, seed)
            profile.sync()
            check(profile, session)
        proxy.received = 0
        profile.sync()
        assert proxy.received < (20000 if name != "bare" and name != "plain" else 60000), "%d bytes for nothing" % proxy.received
        if name == "qresync":
            assert any(b"VANISHED" in c for c in proxy.commands)
        else:
            assert not any(b"VANISHED" in c for c in proxy.commands)
        session.logout()
        proxy.close()
        profile.close()
    return test


def test_validity():
    """A folder deleted and made anew: its UIDs start over, its messages are the new ones."""
    session, profile = servers.client(), Profile(servers.ca)
    session.create("Again")
    for i in range(5):
        session.append("Again", None, None, message("v%d" % i, "Old %d" % i))
    profile.add(servers.imaps)
    profile.sync()
    assert len(profile.folder("Again")) == 5
    session.delete("Again")
    session.create("Again")
    for i in range(3):
        session.append("Again", "\\Flagged", None, message("w%d" % i, "Fresh %d" % i))
    profile.sync()
    assert set(profile.folder("Again")) == {"w%d@example.test" % i for i in range(3)}
    session.delete("Again")
    profile.sync()
    assert not any(f["path"] == "Again" for f in profile.run("folders")[0])
    profile.close()


def test_names():
    """Folder names beyond ASCII, and a folder that another client renames."""
    session, profile = servers.client(), Profile(servers.ca)
    session.create('"&XfJT0ZAB-"')  # 已发送 in modified UTF-7
    session.create('"Caf&AOk-/M&APw-nster"')
    profile.add(servers.imaps)
    profile.sync()
    paths = {f["path"] for f in profile.run("folders")[0]}
    assert {"已发送", "Café/Münster"} <= paths, paths
    session.rename('"Caf&AOk-/M&APw-nster"', '"Caf&AOk-/Berlin"')
    profile.sync()
    paths = {f["path"] for f in profile.run("folders")[0]}
    assert "Café/Berlin" in paths and "Café/Münster" not in paths
    session.delete('"&XfJT0ZAB-"')
    session.delete('"Caf&AOk-/Berlin"')
    session.delete('"Caf&AOk-"')
    profile.close()


def test_offline():
    """With no server at all: lists, bodies, attachments and both languages' search go on; a sync says what is wrong."""
    session, profile = servers.client(), Profile(servers.ca)
    proxy = ImapProxy(servers)
    fill(session, 30)
    data = random.Random(5).randbytes(6 * 1024 * 1024)
    encoded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    session.append("INBOX", None, None, message("big", "Large").replace(
        b"Content-Type: text/plain; charset=utf-8\r\n", b"Content-Type: multipart/mixed; boundary=bb\r\n").split(b"\r\n\r\n")[0]
        + b"\r\n\r\n--bb\r\nContent-Type: text/plain\r\n\r\nsee the file\r\n--bb\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''%E5%9B%BE.bin\r\n"
        + b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded + b"--bb--\r\n")
    profile.add(proxy.port)
    profile.sync()
    proxy.close()
    profile.sync(ok=False)
    assert profile.status == 1 and profile.stderr.strip(), profile.stderr
    assert profile.run("account", "list")[0][0]["error"] == "offline"
    check(profile, session, ("INBOX",))
    assert len(profile.run("search", "--limit", "100", "in:inbox 合同")) == 30
    assert len(profile.run("search", "--limit", "100", "in:inbox uberweisung")) == 30
    assert len(profile.run("search", "--limit", "100", "in:inbox subject:会议 is:unread")) == 10
    hit = profile.run("search", "--json", "合同")[0]
    assert "<" not in hit["snippet"] and [hit["snippet"][a:b] for a, b in hit["highlights"]] and all(hit["snippet"][a:b] == "合同" for a, b in hit["highlights"]), hit
    profile.run("search", "nowhereatall", ok=False)
    assert profile.status == 2
    with tempfile.TemporaryDirectory() as folder:
        shown = profile.run("show", "big@example.test", "--save", folder)[0]
        assert shown["attachments"][0]["sha256"] == hashlib.sha256(data).hexdigest()
        with open(os.path.join(folder, "图.bin"), "rb") as f:
            assert f.read() == data
    profile.close()


def test_act():
    """What is done here shows at once, offline too, and is on the server after a sync; the server's own changes in between are kept."""
    session, profile = servers.client(), Profile(servers.ca)
    fill(session, 20)
    profile.add(servers.imaps)
    profile.sync()
    profile.run("act", "star", "a1@example.test", "a2@example.test")
    profile.run("act", "read", "a0@example.test")
    profile.run("act", "archive", "a3@example.test")
    profile.run("act", "delete", "a4@example.test")
    profile.run("act", "move", "a5@example.test", "--to", "Lists/dev")
    profile.run("act", "unread", "a5@example.test")
    mine = profile.folder("INBOX")
    assert mine["a1@example.test"]["starred"] and not mine["a0@example.test"]["unread"]
    assert not {"a3@example.test", "a4@example.test", "a5@example.test"} & set(mine)
    assert "a3@example.test" in profile.folder("Archive") and "a4@example.test" in profile.folder("Trash")
    session.select("INBOX")
    uid = session.uid("SEARCH", None, 'HEADER Message-ID "a1@example.test"')[1][0]
    session.uid("STORE", uid, "-FLAGS", "(\\Seen)")
    profile.sync()
    assert not profile.run("outbox")
    check(profile, session, ("INBOX", "Archive", "Lists/dev", "Trash"))
    there = truth(session, "INBOX")
    assert there["a1@example.test"] == {"unread": True, "starred": True}
    assert "a3@example.test" in truth(session, "Archive") and truth(session, "Lists/dev")["a5@example.test"]["unread"]
    profile.run("act", "delete", "a4@example.test")
    profile.sync()
    assert "a4@example.test" not in truth(session, "Trash") and "a4@example.test" not in profile.folder("Trash")
    profile.close()


def held_between_journal_and_store(profile, *act):
    """`cirrus mail act`, stopped when the journal has the action and the store has not."""
    (mail,) = glob.glob(profile.dir + "/data/mail/*/mail.db")
    journal = sqlite3.connect("file:%s/data/mail/outbox.db?mode=ro" % profile.dir, uri=True)
    store = sqlite3.connect(mail, isolation_level=None)
    count = lambda: journal.execute("SELECT count(*) FROM entry").fetchone()[0]
    before = count()
    store.execute("BEGIN IMMEDIATE")
    p = profile.popen("act", *act, secrets=())
    wait_for(lambda: count() > before, "the journal's entry")
    p.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, p.pid, os.WSTOPPED | os.WNOWAIT)
    store.execute("ROLLBACK")
    store.close()
    journal.close()
    return p


def test_act_slower_than_the_journal():
    """What is carried out, or whose process is killed, before it shows here is done on the server all the same, shows, and is not done again."""
    session, profile = servers.client(), Profile(servers.ca)
    fill(session, 8)
    profile.add(servers.imaps)
    profile.sync()
    slow = held_between_journal_and_store(profile, "star", "a1@example.test")
    profile.sync()
    assert truth(session, "INBOX")["a1@example.test"]["starred"]
    slow.send_signal(signal.SIGCONT)
    slow.communicate()
    killed = held_between_journal_and_store(profile, "archive", "a2@example.test")
    killed.kill()
    killed.communicate()
    profile.sync()
    assert "a2@example.test" in truth(session, "Archive") and "a2@example.test" not in truth(session, "INBOX")
    slow = held_between_journal_and_store(profile, "star", "a3@example.test")
    profile.sync()
    session.select("INBOX")
    session.uid("STORE", session.uid("SEARCH", None, 'HEADER Message-ID "a3@example.test"')[1][0], "-FLAGS", "(\\Flagged)")
    slow.send_signal(signal.SIGCONT)
    slow.communicate()
    profile.sync()
    assert not truth(session, "INBOX")["a3@example.test"]["starred"]
    check(profile, session)
    profile.close()


def test_moved_to_a_folder_that_goes():
    """A message on its way to a folder that somebody else deletes stays where it was."""
    session, profile = servers.client(), Profile(servers.ca)
    fill(session, 4)
    session.create("Brief")
    profile.add(servers.imaps)
    profile.sync()
    profile.run("act", "move", "a1@example.test", "--to", "Brief")
    session.delete("Brief")
    profile.sync(ok=False)
    profile.sync(ok=False)
    assert "a1@example.test" in truth(session, "INBOX")
    check(profile, session)
    profile.close()


def test_refused_and_tried_again():
    """What the server refused stays in the outbox as failed and shows as it is there; tried again, it is done, not merely called so."""
    session, profile, proxy = servers.client(), Profile(servers.ca), ImapProxy(servers)
    fill(session, 4)
    profile.add(proxy.port)
    profile.sync()
    proxy.rewrite = lambda data: re.sub(rb"(UID MOVE \d+) \S+", rb"\1 Nowhere", data)
    profile.run("act", "archive", "a1@example.test")
    profile.sync(ok=False)
    (entry,) = profile.run("outbox")
    assert entry["state"] == "failed" and "a1@example.test" in profile.folder("INBOX"), entry
    proxy.rewrite = None
    profile.run("outbox", "retry", entry["uuid"])
    profile.sync()
    assert not profile.run("outbox") and "a1@example.test" in truth(session, "Archive")
    check(profile, session)
    profile.close()


def test_taken_back_before_it_shows():
    """An action taken back by another process before its own has shown it is not shown any more."""
    session, profile = servers.client(), Profile(servers.ca)
    fill(session, 4)
    profile.add(servers.imaps)
    profile.sync()
    slow = held_between_journal_and_store(profile, "archive", "a1@example.test")
    profile.run("outbox", "cancel", profile.run("outbox")[0]["uuid"])
    slow.send_signal(signal.SIGCONT)
    slow.communicate()
    check(profile, session)
    profile.sync()
    check(profile, session)
    profile.close()


def test_killed_while_taken_back():
    """Killed when the journal has let go of an action and the store still shows it: the next sync shows what the server has."""
    session, profile = servers.client(), Profile(servers.ca)
    empty(session, "Archive")
    fill(session, 4)
    profile.add(servers.imaps)
    profile.sync()
    profile.run("act", "archive", "a1@example.test")
    (mail,) = glob.glob(profile.dir + "/data/mail/*/mail.db")
    (entry,) = profile.run("outbox")
    journal = sqlite3.connect("file:%s/data/mail/outbox.db?mode=ro" % profile.dir, uri=True)
    store = sqlite3.connect(mail, isolation_level=None)
    store.execute("BEGIN IMMEDIATE")
    p = profile.popen("outbox", "cancel", entry["uuid"], secrets=())
    waiting = journal.execute("SELECT state FROM entry").fetchone()
    wait_for(lambda: journal.execute("SELECT state FROM entry").fetchone() != waiting, "the journal to let go")
    p.kill()
    p.communicate()
    store.execute("ROLLBACK")
    store.close()
    journal.close()
    assert "a1@example.test" not in profile.folder("INBOX")
    profile.sync()
    check(profile, session)
    assert "a1@example.test" in profile.folder("INBOX") and "a1@example.test" not in profile.folder("Archive")
    profile.close()


def test_moved_and_expunged_meanwhile():
    """A message that somebody else has deleted while it was moved here is shown nowhere in the end."""
    session, profile = servers.client(), Profile(servers.ca)
    empty(session, "Archive")
    fill(session, 4)
    profile.add(servers.imaps)
    profile.sync()
    profile.run("act", "archive", "a1@example.test")
    session.select("INBOX")
    session.uid("STORE", session.uid("SEARCH", None, 'HEADER Message-ID "a1@example.test"')[1][0], "+FLAGS", "(\\Deleted)")
    session.expunge()
    profile.sync()
    profile.sync()
    check(profile, session)
    assert "a1@example.test" not in profile.folder("Archive")
    profile.close()


def test_offline_for_long():
    """Months without a network, or a clock that was wrong: what waits is still carried out once."""
    session, profile = servers.client(), Profile(servers.ca)
    fill(session, 4)
    profile.add(servers.imaps)
    profile.sync()
    profile.run("act", "archive", "a1@example.test")
    (mail,) = glob.glob(profile.dir + "/data/mail/*/mail.db")
    with sqlite3.connect(mail) as store:
        assert store.execute("UPDATE applied SET at_us = 1").rowcount == 1
    store.close()
    profile.run("act", "archive", "a2@example.test")
    profile.sync()
    assert len(profile.run("list", "--folder", "Archive", "--limit", "-1")) == len(truth(session, "Archive"))
    with sqlite3.connect(mail) as store:
        assert store.execute("SELECT count(*) FROM location WHERE uid IS NULL").fetchone() == (0,)
    store.close()
    check(profile, session)
    profile.close()


def test_killed():
    """Killed in the middle of the first sync, over and over: the next one goes on, and in the end all is as on the server."""
    session, profile = servers.client(), Profile(servers.ca)
    fill(session, 180)
    profile.add(servers.imaps)
    r = random.Random(3)
    for _ in range(12):
        p = profile.popen("sync", "--passphrase-fd", "{0}")
        try:
            p.wait(r.uniform(.02, .5))
        except Exception:
            p.kill()
        p.communicate()
    profile.sync()
    check(profile, session)
    assert len(profile.run("search", "--limit", "1000", "in:inbox 合同")) == 180
    profile.close()


def test_wanted_first():
    """A message opened before its text was here: its text is the first to be fetched when there is a network again, alone."""
    session, profile = servers.client(), Profile(servers.ca)
    session.create("Wanted")
    uids = [re.search(rb"APPENDUID \d+ (\d+)", session.append("Wanted", None, None, message("want-%d" % n, size=2000))[1][0]).group(1) for n in range(120)]
    proxy = ImapProxy(servers)
    proxy.hold_at = rb"BODY\.PEEK\[\]"
    profile.add(proxy.port)
    p = profile.popen("sync", "--passphrase-fd", "{0}")
    assert proxy.held.wait(60)
    p.kill()
    p.communicate()
    profile.run("show", "want-3@example.test", ok=False)
    assert profile.status == 1 and not profile.folder("Wanted")["want-3@example.test"]["has_body"], profile.stderr
    proxy.hold_at, proxy.commands = None, []
    profile.sync()
    fetches = [c for c in proxy.commands if b"BODY.PEEK[]" in c]
    assert fetches[0].split()[2] == uids[3] and len(fetches) > 1, fetches[:2]
    assert "text" in profile.run("show", "want-3@example.test")[0]["text"]
    assert all(m["has_body"] for m in profile.folder("Wanted").values())
    profile.close()


def synced_without_texts(session, folder, messages):
    """A profile that knows the headers of @messages in the new @folder and no text; syncs through the proxy, which nothing holds up any more."""
    profile, proxy = Profile(servers.ca), ImapProxy(servers)
    session.create(folder)
    for m in messages:
        session.append(folder, None, None, m)
    profile.add(proxy.port)
    hold_sync(profile, proxy, rb"BODY\.PEEK\[\]")
    return profile, proxy


def hold_sync(profile, proxy, at):
    """A sync that is killed when its client sends @at."""
    proxy.held.clear()
    proxy.hold_at = at
    p = profile.popen("sync", "--passphrase-fd", "{0}")
    assert proxy.held.wait(60)
    p.kill()
    p.communicate()
    proxy.hold_at, proxy.commands = None, []


def has_no_text(profile, id):
    """Whether the text is still to come; whoever looks waits for it from now on."""
    profile.run("show", id, ok=False)
    return profile.status == 1


def test_wanted_in_renewed_folder():
    """A UID of a folder that was made anew is another message: its text is not stored under the first one's subject."""
    session = servers.client()
    profile, proxy = synced_without_texts(session, "Renewed", [message("first", "First", "first text")])
    assert has_no_text(profile, "first@example.test")
    session.delete("Renewed")
    session.create("Renewed")
    session.append("Renewed", None, None, message("second", "Second", "second text"))
    hold_sync(profile, proxy, rb" LIST ")
    assert has_no_text(profile, "first@example.test"), "the text of another message"
    profile.sync()
    assert set(profile.folder("Renewed")) == {"second@example.test"}
    assert "second text" in profile.run("show", "second@example.test")[0]["text"]
    session.delete("Renewed")
    profile.close()


def test_wanted_elsewhere():
    """A message that another client moved meanwhile is not where it was; its text comes from where it is."""
    session = servers.client()
    profile, proxy = synced_without_texts(session, "Before", [message("mover", "Mover", "moved text")])
    assert has_no_text(profile, "mover@example.test")
    session.create("Later")
    session.select("Before")
    session.uid("MOVE", "1", "Later")
    profile.sync()
    assert set(profile.folder("Later")) == {"mover@example.test"}
    assert "moved text" in profile.run("show", "mover@example.test")[0]["text"]
    session.select("INBOX")
    for folder in ("Before", "Later"):
        session.delete(folder)
    profile.close()


def test_wanted_in_lost_folder():
    """A folder that is gone keeps its own texts back, and no other folder's mail."""
    session = servers.client()
    profile, proxy = synced_without_texts(session, "Lost", [message("lost", "Lost", "lost text")])
    assert has_no_text(profile, "lost@example.test")
    session.delete("Lost")
    session.append("INBOX", None, None, message("after-lost", "After", "text after"))
    profile.sync()
    assert not profile.has_folder("Lost")
    assert "text after" in profile.run("show", "after-lost@example.test")[0]["text"]
    check(profile, session, ("INBOX",))
    profile.close()


def test_wanted_for_a_day():
    """What nobody has waited for since yesterday does not come before everything else."""
    session = servers.client()
    profile, proxy = synced_without_texts(session, "Old", [message("old-%d" % n, "Old", "old text", size=2000) for n in range(120)])
    assert has_no_text(profile, "old-3@example.test") and has_no_text(profile, "old-5@example.test")
    [path] = glob.glob(os.path.join(profile.dir, "data", "mail", "**", "mail.db"), recursive=True)
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE wanted_body SET asked_us = asked_us - 25 * 3600 * 1000000 WHERE message = (SELECT id FROM message WHERE message_id = 'old-3@example.test')")
    hold_sync(profile, proxy, rb" LIST ")
    assert has_no_text(profile, "old-3@example.test")
    assert "old text" in profile.run("show", "old-5@example.test")[0]["text"]
    session.delete("Old")
    profile.close()


def test_moved_before_its_text():
    """A message is moved by another client after its header came and before its text is asked for: the text comes from where it is then."""
    session = servers.client()
    session.create("Thither")
    profile, proxy = synced_without_texts(session, "Hence", [message("gone", "Gone", "gone text"), message("stays", "Stays", "text that stays")])

    def move(data):
        if b"BODY.PEEK[]" in data and proxy.rewrite:
            proxy.rewrite = None
            session.select("Hence")
            session.uid("MOVE", "1", "Thither")
        return data
    proxy.rewrite = move
    profile.sync()
    assert not proxy.rewrite
    profile.sync()
    assert (set(profile.folder("Hence")), set(profile.folder("Thither"))) == ({"stays@example.test"}, {"gone@example.test"})
    assert "gone text" in profile.run("show", "gone@example.test")[0]["text"]
    assert "text that stays" in profile.run("show", "stays@example.test")[0]["text"]
    session.select("INBOX")
    for folder in ("Hence", "Thither"):
        session.delete(folder)
    profile.close()


def test_text_never_given():
    """A server that lists a message and does not give its text is asked for it once, not at every sync."""
    session = servers.client()
    profile, proxy = synced_without_texts(session, "Hollow", [message("hollow", "Hollow", "never given")])
    proxy.rewrite = lambda data: re.sub(rb"UID FETCH 1 (?=.*BODY\.PEEK\[\])", b"UID FETCH 999 ", data)
    profile.sync()
    assert any(b"BODY.PEEK[]" in c for c in proxy.commands)
    proxy.commands = []
    profile.sync()
    assert not any(b"BODY.PEEK[]" in c for c in proxy.commands), proxy.commands
    session.delete("Hollow")
    profile.close()


tests = [("/mail/sync/%s" % v, variant(v)) for v in VARIANTS] + [
    ("/mail/sync/uidvalidity-changes", test_validity), ("/mail/sync/folder-names", test_names), ("/mail/sync/offline-reads-and-searches", test_offline),
    ("/mail/sync/actions-reach-the-server", test_act),
    ("/mail/sync/actions-slower-than-the-journal", test_act_slower_than_the_journal),
    ("/mail/sync/moved-to-a-folder-that-goes", test_moved_to_a_folder_that_goes),
    ("/mail/sync/refused-and-tried-again", test_refused_and_tried_again),
    ("/mail/sync/taken-back-before-it-shows", test_taken_back_before_it_shows),
    ("/mail/sync/killed-while-taken-back", test_killed_while_taken_back),
    ("/mail/sync/moved-and-expunged-meanwhile", test_moved_and_expunged_meanwhile),
    ("/mail/sync/offline-for-long", test_offline_for_long),
    ("/mail/sync/killed-and-resumed", test_killed)]
tests.append(("/mail/sync/what-somebody-waits-for-comes-first", test_wanted_first))
tests += [("/mail/sync/wanted-in-renewed-folder", test_wanted_in_renewed_folder), ("/mail/sync/wanted-elsewhere", test_wanted_elsewhere),
          ("/mail/sync/moved-before-its-text", test_moved_before_its_text), ("/mail/sync/text-never-given", test_text_never_given),
          ("/mail/sync/wanted-in-lost-folder", test_wanted_in_lost_folder), ("/mail/sync/wanted-for-a-day", test_wanted_for_a_day)]
status = run_tests([t for t in tests if len(sys.argv) < 2 or sys.argv[1] in t[0]])
servers.stop()
sys.exit(status)
