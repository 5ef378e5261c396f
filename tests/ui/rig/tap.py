# SPDX-License-Identifier: GPL-3.0-or-later
"""Test functions, each in a process and a session of its own, told in TAP."""

import os
import sys
import traceback

tests = []


class Skip(Exception):
    pass


def skip(reason):
    raise Skip(reason)


def test(title, **options):
    def add(function):
        tests.append((title, function, options))
        return function
    return add


def _run(function, options):
    """In a child: 0 passed, 1 failed, 2 skipped."""
    from .session import Session
    session = None
    try:
        session = Session(**options)
        function(session)
        complaints, session = session.close(), None
        for complaint in complaints:
            print('\n'.join('# ' + line for line in complaint.splitlines()))
        return 1 if complaints else 0
    except Skip as reason:
        print('# %s' % reason, flush=True)
        return 2
    except BaseException:
        for line in traceback.format_exc().splitlines():
            print('# ' + line)
        if session is not None:
            for line in session._tail().splitlines():
                print('# log: ' + line)
            try:
                print('# picture: ' + session.screenshot('failed-' + function.__name__))
                for app in session.desktop().children:
                    for line in app.dump()[:250]:
                        print('# ' + line)
            except Exception as error:
                print('# no picture: %s' % error)
        sys.stdout.flush()
        return 1
    finally:
        if session is not None:
            session.close()


def main():
    wanted = sys.argv[1:]
    chosen = [t for t in tests if not wanted or any(w in t[0] for w in wanted)]
    failed = 0
    print('1..%d' % len(chosen), flush=True)
    for number, (title, function, options) in enumerate(chosen, 1):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                code = _run(function, options)
            finally:
                sys.stdout.flush()
                os._exit(code)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == 2:
            print('ok %d - %s # SKIP' % (number, title), flush=True)
        else:
            failed += code != 0
            print('%s %d - %s' % ('ok' if code == 0 else 'not ok', number, title), flush=True)
    sys.exit(1 if failed else 0)
