#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts a Dovecot and the program of the worker's tests (the first argument), which says the TAP."""
import os, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mail_case import Profile
from mail_servers import MailServers

with MailServers(smtp=False) as servers:
    profile = Profile(servers.ca)
    try:
        status = subprocess.run([sys.argv[1]], env=dict(profile.env, CIRRUS_TEST_IMAPS_PORT=str(servers.imaps))).returncode
    finally:
        profile.close()
sys.exit(1 if status else 0)
