#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that lie, stall, flood or prove to be somebody else: refused with the right word, in bounded time and memory, and nothing that was here is lost."""
import os, resource, sys, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mail_case import SLOWNESS, Profile, message, run_tests
from mail_servers import MailServers
import hostile_imap

servers = MailServers(smtp=False)
ports = hostile_imap.start(servers.tls)
MAX_RSS_KB = 150 * 1024


def one(name, codes, seconds=20):
    def test():
        profile = Profile(servers.ca)
        port, starttls = ports[name]
        profile.add(port, starttls=starttls)
        start = time.monotonic()
        p = profile.popen("sync", "--passphrase-fd", "{0}")
        _, status, usage = os.wait4(p.pid, 0)
        took = time.monotonic() - start
        assert os.waitstatus_to_exitcode(status) == 1
        error = profile.run("account", "list")[0][0]["error"]
        assert error in codes, error
        assert took < seconds * SLOWNESS, "%.1f s" % took
        assert usage.ru_maxrss < MAX_RSS_KB, "%d kB" % usage.ru_maxrss
        assert usage.ru_utime + usage.ru_stime < 10 * SLOWNESS, "spins"
        profile.close()
    return test


def test_unknown_authority():
    """Without the test's own authority the same good certificate proves nothing."""
    profile = Profile(None)
    profile.add(servers.imaps)
    profile.sync(ok=False)
    assert profile.status == 1 and profile.run("account", "list")[0][0]["error"] == "untrusted"
    profile.close()


def test_wrong_password():
    profile = Profile(servers.ca)
    profile.add(servers.imaps, password="wrong")
    profile.sync(ok=False)
    assert profile.status == 1 and profile.run("account", "list")[0][0]["error"] == "auth-required"
    assert "wrong" not in profile.stderr
    profile.close()


def test_empty_list():
    """A server that suddenly has no folders is not believed: what was synced stays."""
    profile = Profile(servers.ca)
    session = servers.client()
    for i in range(3):
        session.append("INBOX", None, None, message("k%d" % i))
    id = profile.add(servers.imaps)
    profile.sync()
    before = profile.folder("INBOX")
    assert len(before) >= 3
    path = os.path.join(profile.dir, "data", "common", "accounts.json")
    with open(path) as f:
        text = f.read()
    with open(path, "w") as f:
        f.write(text.replace(str(servers.imaps), str(ports["no-folders"][0])))
    profile.sync(ok=False)
    assert profile.status == 1 and profile.run("account", "list")[0][0]["error"] == "protocol"
    assert profile.folder("INBOX") == before
    profile.close()


tests = [("/mail/hostile/%s" % n, one(n, c, 100 if n == "silence" else 20)) for n, c in (
    ("cut-literal", ("offline",)), ("huge-literal", ("too-large",)), ("endless-line", ("protocol", "too-large")), ("flood", ("too-large", "offline")), ("silence", ("offline",)),
    ("no-folders", ("protocol",)), ("preauth", ("untrusted",)), ("injection", ("untrusted", "protocol")), ("wronghost", ("untrusted",)), ("expired", ("untrusted",)), ("selfsigned", ("untrusted",)))]
tests += [("/mail/hostile/unknown-authority", test_unknown_authority), ("/mail/hostile/wrong-password", test_wrong_password), ("/mail/hostile/empty-list-not-believed", test_empty_list)]
status = run_tests([t for t in tests if len(sys.argv) < 2 or sys.argv[1] in t[0]])
servers.stop()
sys.exit(status)
