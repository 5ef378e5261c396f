#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample mailbox is as of the moment when it is made: nothing in it is from later, and an answer is later than what it answers."""
import datetime, email, email.utils, glob, os, subprocess, sys, tempfile

MAKE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "data", "sample", "make-mailbox.py")
MOMENTS = ("2026-11-24T00:05", "2026-11-24T02:30", "2026-03-01T12:00", "2026-12-31T23:59")


def problems(moment):
    now = datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.timezone.utc)
    dates, replies, found = {}, [], []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, MAKE, folder, moment], check=True, stdout=subprocess.DEVNULL)
        for path in glob.glob(os.path.join(folder, "**", "cur", "*"), recursive=True, include_hidden=True):
            with open(path, "rb") as f:
                message = email.message_from_binary_file(f)
            date = email.utils.parsedate_to_datetime(message["Date"])
            dates[message["Message-ID"]] = date
            replies.append((message["Message-ID"], message["In-Reply-To"]))
            if max(date.timestamp(), os.path.getmtime(path), int(os.path.basename(path).split(".")[0])) > now.timestamp():
                found.append("%s is of %s" % (message["Subject"], date))
    found += ["%s answers %s" % (dates[one], dates[other]) for one, other in replies if other and dates[one] <= dates[other]]
    return found if len(dates) > 200 else ["only %d messages" % len(dates)]


print("1..%d" % len(MOMENTS))
for i, moment in enumerate(MOMENTS, 1):
    found = problems(moment)
    for line in found:
        print("# " + line)
    print("%s %d /mail/sample/made-at-%s" % ("not ok" if found else "ok", i, moment), flush=True)
