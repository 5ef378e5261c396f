# SPDX-License-Identifier: GPL-3.0-or-later
"""What the integration tests of Weather share: a profile, the stand-in server, the programs of the build, TAP."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

SOURCE = os.environ['CIRRUS_SOURCE_ROOT']
BUILD = os.environ['CIRRUS_BUILD_ROOT']
PREFIX = os.environ['CIRRUS_PREFIX']
sys.path.insert(0, os.path.join(SOURCE, 'tests', 'servers'))
from open_meteo_client import OpenMeteo  # noqa: E402

T0 = 1795435200  # 2026-11-23 12:00 UTC: the clock of all programs starts here


class Case:
    """A profile of its own, and a server that it is told of."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='cirrus-weather-')
        self.profile = os.path.join(self.folder, 'profile')
        self.clock = T0
        self.server = OpenMeteo(env={'CIRRUS_FAKE_TIME': str(T0)})
        self.server.write_settings(self.profile)

    def env(self):
        runtime = os.path.join(self.folder, 'run')
        os.makedirs(runtime, 0o700, exist_ok=True)
        return {**os.environ, 'CIRRUS_PROFILE': self.profile, 'CIRRUS_FAKE_TIME': str(self.clock), 'HOME': self.folder,
                'XDG_RUNTIME_DIR': runtime, 'LC_ALL': 'C.UTF-8', 'XDG_DATA_DIRS': PREFIX + '/share:/usr/local/share:/usr/share'}

    def cirrus(self, *words):
        return subprocess.run([os.path.join(BUILD, 'apps', 'cli', 'cirrus'), 'weather', *words], env=self.env(), capture_output=True, text=True)

    def forecast(self, place):
        done = self.cirrus('forecast', '--json', place)
        assert done.returncode == 0, done
        return json.loads(done.stdout)

    def later(self, hours):
        self.clock += int(hours * 3600)

    def close(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def until(condition):
    """Polls @condition; two minutes are a hang, on any machine."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, 'waited in vain'
        time.sleep(0.01)


tests = []


def test(title):
    def add(function):
        tests.append((title, function))
        return function
    return add


def main():
    print('1..%d' % len(tests), flush=True)
    failed = 0
    for number, (title, function) in enumerate(tests, 1):
        case = Case()
        try:
            function(case)
            print('ok %d %s' % (number, title), flush=True)
        except BaseException:
            failed += 1
            print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()))
            print('not ok %d %s' % (number, title), flush=True)
        finally:
            case.close()
    sys.exit(failed > 0)
