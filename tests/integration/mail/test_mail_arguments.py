#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`cirrus mail` with wrong arguments says which one is wrong, ends with 64 and touches nothing."""
import os, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mail_case import Profile, run_tests

CASES = [([], 'what is "mail" to do?'), (["frobnicate"], '"frobnicate" is no verb of "mail"'), (["parse"], "parse: FILE.eml is missing"),
         (["parse", "a.eml", "b.eml"], '"b.eml" is one argument too many'), (["show"], "show: MESSAGE-ID is missing"), (["search"], "search: TEXT is missing"),
         (["list", "--limit", "many"], "many"), (["list", "--bogus"], "--bogus"), (["folders", "INBOX"], '"INBOX" is one argument too many'),
         (["send", "--subject", "x"], "--to is missing"), (["send", "--reply", "a", "--forward", "b", "--to", "c@d"], "exclude each other"),
         (["act", "explode", "a@b"], '"explode" is no verb of "act"'), (["act", "read"], "MESSAGE-ID is missing"), (["act", "move", "a@b"], "--to is missing"),
         (["outbox", "retry"], "UUID is missing"), (["outbox", "shred", "x"], '"shred" is no verb of "outbox"'), (["account"], 'what is "account" to do?'), (["account", "add"], "--address is missing"),
         (["account", "add", "--address", "a@b"], "--imap or --local is missing"), (["account", "remove"], "ACCOUNT is missing")]


def case(arguments, expected):
    def test():
        profile = Profile()
        assert profile.run(*arguments, stdin="", ok=False, secrets=()) == []
        assert profile.status == 64, profile.status
        assert expected in profile.stderr.split("usage:")[0] and "usage: cirrus mail" in profile.stderr, profile.stderr
        assert not os.path.exists(os.path.join(profile.dir, "data", "mail", "outbox.db")), "nothing is opened"
        profile.close()
    return test


sys.exit(run_tests([("/mail/arguments/" + (" ".join(a) or "none"), case(a, e)) for a, e in CASES]))
