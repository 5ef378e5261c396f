#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The background service beside the command line on one profile: over a private bus, against a stand-in for Open-Meteo."""

import json
import os
import subprocess

from weather_case import BUILD, main, test, until

NAME = 'org.cirrussuite.Weather.Service'
SEARCH = '/org/cirrussuite/Weather/SearchProvider'


class Bus:
    """A private bus with the service on it."""

    def __init__(self, case):
        self.env = case.env()
        self.daemon = subprocess.Popen(['dbus-daemon', '--session', '--nofork', '--nopidfile', '--print-address'], env=self.env,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.env['DBUS_SESSION_BUS_ADDRESS'] = self.daemon.stdout.readline().strip()
        self.service = subprocess.Popen([os.path.join(BUILD, 'apps', 'weather', 'service', 'cirrus-weather-service')], env=self.env)
        subprocess.run(['gdbus', 'wait', '--session', '--timeout', '120', NAME], env=self.env, check=True)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        code = 0
        if self.service is not None:
            self.service.terminate()
            code = self.service.wait()
        self.daemon.terminate()
        self.daemon.wait()
        self.daemon.stdout.close()
        assert code == 0 or exc[0] is not None, 'the service ended with %d' % code

    def call(self, path, method, *arguments):
        return subprocess.run(['gdbus', 'call', '--session', '--timeout', '120', '--dest', NAME, '--object-path', path, '--method', method, *arguments],
                              env=self.env, capture_output=True, text=True, check=True).stdout.strip()


@test('the service renews what is due, and the command line finds it')
def renews(case):
    case.cirrus('place', 'add', 'Porto')
    case.cirrus('place', 'add', 'Shanghai')
    with Bus(case) as bus:
        bus.call('/org/cirrussuite/Weather/Service', NAME + '.Refresh', 'true')
    assert case.server.counts()['forecast'] == 2, case.server.counts()
    case.server.stop()
    assert case.forecast('Porto')['failure'] is None
    status = open(os.path.join(case.profile, 'data', 'weather', 'status'), encoding='utf-8').read()
    assert 'Porto' in status and '14' in status, status


@test('window, service and command line together ask once a place')
def together(case):
    for name in ('Porto', 'Shanghai', 'Quito', 'Lisbon'):
        case.cirrus('place', 'add', name)
    with Bus(case) as bus:
        runs = [subprocess.Popen([os.path.join(BUILD, 'apps', 'cli', 'cirrus'), 'weather', 'refresh'], env=bus.env, stdout=subprocess.DEVNULL)
                for _ in range(3)]
        bus.call('/org/cirrussuite/Weather/Service', NAME + '.Refresh', 'true')
        assert all(run.wait() == 0 for run in runs)
    assert case.server.counts()['forecast'] == 4, case.server.counts()


@test('a service killed while it refreshes leaves the lease to the next')
def killed(case):
    case.cirrus('place', 'add', 'Porto')
    case.server.control(mode='hang')
    with Bus(case) as bus:
        call = subprocess.Popen(['gdbus', 'call', '--session', '--dest', NAME, '--object-path', '/org/cirrussuite/Weather/Service', '--method',
                                 NAME + '.Refresh', 'true'], env=bus.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: case.server.counts()['forecast'] > 0)
        bus.service.kill()
        bus.service.wait()
        call.wait()
        bus.service = None
    case.server.control(mode='ok')
    done = case.cirrus('refresh')
    assert done.returncode == 0 and json.loads(done.stdout)['fetched_count'] == 1, done


@test('the search answers "weather in ..." with the weather and its age')
def answers(case):
    case.cirrus('place', 'add', 'Porto')
    case.cirrus('refresh')
    with Bus(case) as bus:
        assert bus.call(SEARCH, 'org.gnome.Shell.SearchProvider2.GetInitialResultSet', "['por']") == "(['41.1500,-8.6167'],)"
        assert bus.call(SEARCH, 'org.gnome.Shell.SearchProvider2.GetInitialResultSet', "['shangh']") == '(@as [],)'
        found = bus.call(SEARCH, 'org.gnome.Shell.SearchProvider2.GetInitialResultSet', "['weather', 'in', 'shanghai']")
        assert '31.2222,121.4581' in found, found
        metas = bus.call(SEARCH, 'org.gnome.Shell.SearchProvider2.GetResultMetas', "['31.2222,121.4581']")
        assert 'Shanghai: ' in metas and '°C' in metas and 'Updated just now' in metas, metas
        metas = bus.call(SEARCH, 'org.gnome.Shell.SearchProvider2.GetResultMetas', "['41.1500,-8.6167']")
        assert 'Porto: 14 °C, Partly cloudy' in metas and 'Rain 15:00 to 17:00' in metas, metas


main()
