#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clearing what the server has, with a real Dovecot: what goes, what stays, what comes back and what does not; killed at any instant; beside the service."""
import base64, glob, os, random, re, sys, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mail_case import Bus, Profile, message, run_tests, stop, wait_for
from mail_servers import MailServers, free_ports
from imap_proxy import ImapProxy

SEED = int(os.environ.get("CIRRUS_TEST_SEED", random.randrange(1 << 30)))
MAX_KILLS = 6
dice = random.Random(SEED)
servers = MailServers()


def long_text(number, size=9000):
    """Words of its own, then what no compression makes small."""
    return "inside%d 合同 %s" % (number, "\r\n".join(base64.b64encode(dice.randbytes(size)).decode()[i:i + 76] for i in range(0, size, 76)))


def fill(session, folder, n, size=9000):
    session.create(folder)
    for i in range(n):
        session.append(folder, "\\Seen" if i % 3 else None, None, message("%s-%d" % (folder, i), "Outside %s %d" % (folder, i), long_text(i, size)))


def empty(session, *folders):
    for folder in folders:
        if int(session.select(folder)[1][0]) > 0:
            session.store("1:*", "+FLAGS", "\\Deleted")
            session.expunge()


def disk_usage(profile):
    return sum(os.lstat(f).st_blocks * 512 for folder in ("data", "cache")
               for f in glob.glob(os.path.join(profile.dir, folder, "mail", "**"), recursive=True))


def without_bodies(messages):
    return {k: {name: value for name, value in m.items() if name != "has_body"} for k, m in messages.items()}


def with_body(profile, folder):
    return {k for k, m in profile.folder(folder).items() if m["has_body"]}


def found(profile, *query):
    hits = [m["message_id"] for m in profile.run("search", "--limit", "1000", *query, ok=False)]
    assert profile.status in (0, 2), profile.stderr
    assert len(hits) == len(set(hits)), hits
    return set(hits)


def bodies_fetched(proxy):
    return sum(len(expand(c.split()[2])) for c in proxy.commands if b"BODY.PEEK[]" in c)


def expand(uids):
    """The numbers of a sequence set."""
    parts = [p.split(b":") for p in uids.split(b",")]
    return [n for p in parts for n in range(int(p[0]), int(p[-1]) + 1)]


def add_local(profile):
    maildir = os.path.join(profile.dir, "maildir")
    for folder in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(maildir, folder))
    for i in range(5):
        with open(os.path.join(maildir, "cur", "%d.x:2,S" % i), "wb") as f:
            f.write(message("here-%d" % i, "Local %d" % i, long_text(1000 + i)))
    profile.run("account", "add", "--local", maildir, "--name", "Here", "--address", "here@example.test")


def test_clear():
    """Texts of the server's mail go, and the files shrink; the list, local mail, the server's drafts and what waits stay; only what is opened comes back."""
    session, profile, proxy = servers.client(), Profile(servers.ca), ImapProxy(servers)
    empty(session, "INBOX", "Drafts")
    fill(session, "Kept", 150)
    session.append("Drafts", "\\Draft", None, message("unfinished", "Unfinished", "half a sentence"))
    profile.add(proxy.port, free_ports(1)[0])
    profile.sync()
    add_local(profile)
    profile.run("act", "star", "Kept-7@example.test")
    profile.run("act", "move", "Kept-8@example.test", "--to", "Archive")
    profile.run("send", "--account", "Test", "--to", "other@example.test", "--subject", "On its way", stdin="not sent yet")
    before = profile.folder("Kept")
    local = profile.run("list", "--account", "Here", "--limit", "-1")
    outbox = profile.run("outbox")
    assert len(outbox) == 3 and len(local) == 5 and before["Kept-7@example.test"]["starred"], outbox
    size = profile.run("storage")[0]
    assert disk_usage(profile) <= size["bytes"] and size["clearable_messages"] == 148 and size["clearable_bytes"] > 148 * 6000, size

    cleared = profile.run("storage", "clear")[0]
    assert cleared["cleared_messages"] == 148 and cleared["freed_bytes"] > .9 * size["clearable_bytes"], (cleared, size)
    after = profile.run("storage")[0]
    assert 0 <= after["bytes"] - disk_usage(profile) < 200000 and after["bytes"] < size["bytes"] - .9 * size["clearable_bytes"], (size, after)
    assert after["clearable_messages"] == 0 and after["clearable_bytes"] == 0, after
    assert without_bodies(profile.folder("Kept")) == without_bodies(before)
    # What waits to be changed there keeps its text.
    assert with_body(profile, "Kept") == {"Kept-7@example.test"} and with_body(profile, "Archive") == {"Kept-8@example.test"}
    assert profile.run("outbox") == outbox
    assert with_body(profile, "Drafts") == {"unfinished@example.test"}
    assert profile.run("list", "--account", "Here", "--limit", "-1") == local
    assert "inside1003" in profile.run("show", "here-3@example.test")[0]["text"]
    assert found(profile, "合同") == {"here-%d@example.test" % i for i in range(5)} | {"Kept-7@example.test", "Kept-8@example.test"}
    assert len(found(profile, "in:kept", "outside")) == 149 and found(profile, "subject:\"outside kept 12\"") == {"Kept-12@example.test"}

    # Offline: the text is told to be away.  Then it comes, and no other one.
    profile.run("show", "Kept-12@example.test", ok=False)
    assert profile.status == 1, profile.stderr
    proxy.commands = []
    profile.sync(ok=False)
    assert bodies_fetched(proxy) == 1, [c for c in proxy.commands if b"BODY" in c]
    assert "inside12 " in profile.run("show", "Kept-12@example.test")[0]["text"]
    assert found(profile, "inside12") == {"Kept-12@example.test"} and "Kept-12@example.test" in found(profile, "合同")
    # New mail is kept as before; so is what was done meanwhile.
    session.append("Kept", None, None, message("new", "New", "inside9999"))
    proxy.commands = []
    profile.sync(ok=False)
    assert bodies_fetched(proxy) == 1 and found(profile, "inside9999") == {"new@example.test"}
    assert with_body(profile, "Kept") == {"Kept-7@example.test", "Kept-12@example.test", "new@example.test"}
    session.select("Kept")
    assert session.search(None, "FLAGGED")[1][0].split() == [b"8"]
    session.select("Archive")
    assert session.search(None, 'SUBJECT "Outside Kept 8"')[1][0]
    # A text the server has lost in between is told as such, once.
    session.select("Kept")
    session.uid("STORE", session.uid("SEARCH", None, 'HEADER Message-ID "Kept-20@example.test"')[1][0], "+FLAGS", "\\Deleted")
    session.expunge()
    profile.sync(ok=False)
    assert "Kept-20@example.test" not in profile.folder("Kept") and len(found(profile, "in:kept", "outside")) == 148
    session.delete("Kept")
    proxy.close()
    profile.close()


def change_counter(database):
    """Counts transactions: https://sqlite.org/walformat.html#the_wal_index_file_format"""
    try:
        with open(database + "-shm", "rb") as f:
            f.seek(8)
            return f.read(4)
    except FileNotFoundError:
        return b""


def commits(process, database, n):
    """Waits until @process has committed @n times or so to @database; False if it ended before that."""
    last = change_counter(database)
    while n > 0 and process.poll() is None:
        now = change_counter(database)
        n -= now != last
        last = now
    return n <= 0


def test_killed():
    """Killed at any instant: all that must stay is there, every text is whole or away, and the next clearing does the rest."""
    session, profile = servers.client(), Profile(servers.ca)
    empty(session, "INBOX", "Drafts", "Archive")
    fill(session, "Killed", 400, 1500)
    session.append("Drafts", "\\Draft", None, message("unfinished-2", "Unfinished", "half a sentence"))
    database = os.path.join(profile.dir, "data", "mail", profile.add(servers.imaps, free_ports(1)[0]), "mail.db")
    profile.sync()
    add_local(profile)
    profile.run("send", "--account", "Test", "--to", "other@example.test", "--subject", "On its way", stdin="not sent yet")
    list_before = without_bodies(profile.folder("Killed"))
    local, outbox = profile.run("list", "--account", "Here", "--limit", "-1"), profile.run("outbox")
    size = profile.run("storage")[0]["bytes"]
    kills, in_the_middle = 0, 0
    while True:
        p = profile.popen("storage", "clear")
        # The first three as soon as something is cleared, the others where the dice say, often in the middle of a transaction.
        if kills < MAX_KILLS and commits(p, database, 1 if kills < 3 else dice.randint(1, 2 + kills)):
            time.sleep(0 if kills < 3 else dice.uniform(0, .002))
            p.kill()
            kills += 1
        p.communicate()
        whole = with_body(profile, "Killed")
        in_the_middle += 0 < len(whole) < 400
        assert without_bodies(profile.folder("Killed")) == list_before and profile.run("outbox") == outbox
        assert profile.run("list", "--account", "Here", "--limit", "-1") == local and with_body(profile, "Drafts") == {"unfinished-2@example.test"}
        for id in dice.sample(sorted(whole), min(3, len(whole))):
            assert "inside%s " % re.search(r"-(\d+)@", id).group(1) in profile.run("show", id)[0]["text"]
        assert p.returncode in (0, -9), p.returncode
        if p.returncode == 0:
            break
    print("# seed %d: killed %d times, %d of them between the first text and the last" % (SEED, kills, in_the_middle), flush=True)
    assert in_the_middle > 0
    assert not with_body(profile, "Killed") and profile.run("storage")[0]["bytes"] < size / 2, (size, profile.run("storage"))
    assert not found(profile, "in:killed", "合同")
    for i in dice.sample(range(400), 10):
        assert found(profile, "subject:\"outside killed %d\"" % i) >= {"Killed-%d@example.test" % i}
    session.delete("Killed")
    profile.close()


def test_beside_service():
    """The service waits for mail on the same profile while the command line clears: it fetches what is opened and what is new, and nothing else."""
    session, profile, proxy = servers.client(), Profile(servers.ca), ImapProxy(servers)
    empty(session, "INBOX", "Drafts")
    fill(session, "Served", 60)
    bus = Bus(profile)
    profile.add(proxy.port)
    service = bus.service()
    wait_for(lambda: profile.has_folder("Served") and len(with_body(profile, "Served")) == 60, "the first sync")
    assert profile.run("storage", "clear")[0]["cleared_messages"] == 60
    proxy.commands = []
    session.append("INBOX", None, None, message("served-new", "New", "inside9998"))
    profile.run("show", "Served-5@example.test", ok=False)
    wait_for(lambda: with_body(profile, "INBOX") == {"served-new@example.test"} and with_body(profile, "Served") == {"Served-5@example.test"}, "the two texts")
    session.append("INBOX", None, None, message("served-newer", "Newer", "inside9997"))
    wait_for(lambda: len(with_body(profile, "INBOX")) == 2, "the third text")
    assert bodies_fetched(proxy) == 3 and with_body(profile, "Served") == {"Served-5@example.test"}
    assert found(profile, "inside5") == {"Served-5@example.test"} and len(found(profile, "in:served", "outside")) == 60
    stop(service)
    bus.close()
    session.delete("Served")
    proxy.close()
    profile.close()


tests = [("/mail/storage/clears-what-the-server-has-and-nothing-else", test_clear),
         ("/mail/storage/killed-at-any-instant", test_killed),
         ("/mail/storage/beside-the-service", test_beside_service)]
try:
    sys.exit(run_tests(tests))
finally:
    servers.stop()
