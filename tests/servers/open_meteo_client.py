# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts open_meteo.py for a test and steers it."""

import json
import os
import subprocess
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))


class OpenMeteo:
    def __init__(self, port=0, env=None):
        self.env = env
        self._start(port)

    def _start(self, port):
        self.process = subprocess.Popen([sys.executable, os.path.join(HERE, 'open_meteo.py'), str(port)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env={**os.environ, **(self.env or {})})
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.rsplit(':', 1)[1])

    def stop(self):
        """The network is gone: nobody listens any more."""
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def start_again(self):
        self._start(self.port)

    def control(self, **wish):
        request = urllib.request.Request(self.url + '/control', data=json.dumps(wish).encode(), method='POST')
        urllib.request.urlopen(request).read()

    def counts(self):
        return json.load(urllib.request.urlopen(self.url + '/control'))

    def settings(self, **more):
        """The text of a profile's settings.ini that sends Weather here."""
        keys = {'forecast-url': self.url + '/v1/forecast', 'search-url': self.url + '/v1/search', **more}
        return '[Weather]\n' + ''.join("%s='%s'\n" % item for item in keys.items())

    def write_settings(self, profile, **more):
        folder = os.path.join(profile, 'config', 'common')
        os.makedirs(folder, 0o700, exist_ok=True)
        with open(os.path.join(folder, 'settings.ini'), 'w', encoding='utf-8') as out:
            out.write(self.settings(**more))
