#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service on a bus of its own: news arrive by themselves, what is sent goes by itself, killed it goes on, idle it ends; it answers searches."""
import os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mail_case import NAME, SLOWNESS, Bus, Profile, message, run_tests, stop, wait_for
from mail_servers import MailServers

servers = MailServers()

def has(profile, folder, subject, n=1):
    return profile.has_folder(folder) and sum(m["subject"] == subject for m in profile.folder(folder).values()) == n


def test_news():
    session, profile = servers.client(), Profile(servers.ca)
    bus = Bus(profile)
    profile.add(servers.imaps, servers.submissions)
    service = bus.service()
    wait_for(lambda: profile.has_folder("INBOX"))
    session.append("INBOX", None, None, message("idle1", "Comes by itself"))
    wait_for(lambda: has(profile, "INBOX", "Comes by itself"))
    session.append("INBOX", None, None, message("idle2", "And again 又一封"))
    wait_for(lambda: has(profile, "INBOX", "And again 又一封"))
    session.select("INBOX")
    uid = session.uid("SEARCH", None, 'SUBJECT "by itself"')[1][0]
    session.uid("STORE", uid, "+FLAGS", "(\\Seen)")
    wait_for(lambda: not profile.folder("INBOX")["idle1@example.test"]["unread"])
    found = bus.call(NAME, "/org/cirrussuite/Mail/SearchProvider", "org.gnome.Shell.SearchProvider2.GetInitialResultSet", "['又一封']")
    assert "mid:idle2@example.test" in found, found
    metas = bus.call(NAME, "/org/cirrussuite/Mail/SearchProvider", "org.gnome.Shell.SearchProvider2.GetResultMetas", "['mid:idle2@example.test']")
    assert "And again" in metas, metas
    stop(service)
    bus.close()
    profile.close()


def test_send_and_kill():
    """The command line only journals; the service sends.  Killed and started again it goes on, and nothing goes twice."""
    session, profile = servers.client(), Profile(servers.ca)
    bus = Bus(profile)
    profile.add(servers.imaps, servers.submissions)
    service = bus.service()
    profile.run("send", "--to", "test@example.test", "--subject", "by-service", stdin="x", secrets=())
    wait_for(lambda: has(profile, "Sent", "by-service") and has(profile, "INBOX", "by-service"))
    service.kill()
    service.wait()
    profile.run("send", "--to", "test@example.test", "--subject", "after-kill", stdin="x", secrets=())
    profile.run("act", "star", next(k for k, m in profile.folder("INBOX").items() if m["subject"] == "by-service"))
    service = bus.service()
    wait_for(lambda: has(profile, "Sent", "after-kill") and has(profile, "INBOX", "after-kill") and not profile.run("outbox"))
    session.select("INBOX")
    assert len(session.uid("SEARCH", None, 'FLAGGED SUBJECT "by-service"')[1][0].split()) == 1
    for subject in ("by-service", "after-kill"):
        for folder in ("INBOX", "Sent"):
            session.select(folder)
            assert len(session.uid("SEARCH", None, 'SUBJECT "%s"' % subject)[1][0].split()) == 1, (folder, subject)
    stop(service)
    bus.close()
    profile.close()


def test_ends():
    """With no account to watch it ends by itself."""
    profile = Profile(servers.ca)
    bus = Bus(profile)
    service = bus.service()
    assert service.wait(40 * SLOWNESS) == 0
    bus.close()
    profile.close()


tests = [("/mail/service/news-arrive-and-searches-find-them", test_news), ("/mail/service/sends-and-survives-a-kill", test_send_and_kill), ("/mail/service/ends-when-idle", test_ends)]
status = run_tests([t for t in tests if len(sys.argv) < 2 or sys.argv[1] in t[0]])
servers.stop()
sys.exit(status)
