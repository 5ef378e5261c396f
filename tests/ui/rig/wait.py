# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for a state, with a deadline."""

import os
import time

DEADLINE = float(os.environ.get('CIRRUS_UI_DEADLINE', '20'))
INTERVAL = 0.04


class Timeout(AssertionError):
    pass


def until(function, what='the state', deadline=None):
    """Calls function until it returns something true, and returns that; fails with `what` after the deadline (in seconds of a machine
    for which 20 are enough for anything)."""
    end = time.monotonic() + (deadline or 20) * DEADLINE / 20
    while True:
        value = function()
        if value:
            return value
        if time.monotonic() > end:
            raise Timeout('waited in vain for %s' % what)
        time.sleep(INTERVAL)
