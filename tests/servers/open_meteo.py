#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that answers as Open-Meteo's forecast and geocoding services do, from made-up weather.

Prints its address (http://127.0.0.1:PORT) on stdout once it listens, and ends when its stdin closes.  What it shall do wrong is told by
POST /control with JSON: {"mode": "ok" | "400" | "429" | "503" | "nulls" | "truncated" | "html" |
"hang" (no answer until another mode is told), "retry_after": s, "shift": degrees, "now_shift": degrees by which "current" differs from its
hour, "dry": whether no rain falls};
GET /control gives {"forecast": n, "search": n}, how often each was asked, and the last query of each.
Source: https://open-meteo.com/en/docs and the recordings in tests/data/weather/open-meteo."""

import json
import math
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

HOURLY = {'temperature_2m': '°C', 'apparent_temperature': '°C', 'dew_point_2m': '°C', 'relative_humidity_2m': '%', 'is_day': '',
          'precipitation': 'mm', 'precipitation_probability': '%', 'snowfall': 'cm', 'weather_code': 'wmo code', 'cloud_cover': '%',
          'pressure_msl': 'hPa', 'visibility': 'm', 'wind_speed_10m': 'm/s', 'wind_gusts_10m': 'm/s', 'wind_direction_10m': '°', 'uv_index': ''}
DAILY = {'weather_code': 'wmo code', 'temperature_2m_max': '°C', 'temperature_2m_min': '°C', 'apparent_temperature_max': '°C',
         'apparent_temperature_min': '°C', 'precipitation_sum': 'mm', 'precipitation_probability_max': '%', 'snowfall_sum': 'cm',
         'wind_speed_10m_max': 'm/s', 'wind_gusts_10m_max': 'm/s', 'wind_direction_10m_dominant': '°', 'uv_index_max': ''}
PLACES = [
    {'id': 2735943, 'name': 'Porto', 'latitude': 41.1496, 'longitude': -8.611, 'country_code': 'PT', 'country': 'Portugal', 'admin1': 'Porto',
     'timezone': 'Europe/Lisbon'},
    {'id': 7303945, 'name': 'Aldeia das Dez', 'latitude': 40.2958, 'longitude': -7.8694, 'country_code': 'PT', 'country': 'Portugal',
     'admin1': 'Coimbra', 'timezone': 'Europe/Lisbon'},
]


class State:
    def __init__(self):
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)
        self.mode = 'ok'
        self.retry_after = None
        self.shift = 0
        self.now_shift = 0
        self.dry = False
        self.counts = {'forecast': 0, 'search': 0}
        self.queries = {}


def now():
    return int(os.environ.get('CIRRUS_FAKE_TIME') or time.time())


def hour_value(name, t, shift, dry=False):
    """The weather at the full hour t, or of the hour before it where Open-Meteo speaks of that."""
    hour = t // 3600 % 24
    wet = 15 <= (t - 3600) // 3600 % 24 < 17 and not dry
    return {
        'temperature_2m': round(10 + shift + 5 * math.sin((hour - 8) * math.pi / 12), 1), 'apparent_temperature': 8 + shift, 'dew_point_2m': 6.5,
        'relative_humidity_2m': 71, 'is_day': int(7 <= hour < 19), 'precipitation': 1.2 if wet else 0, 'precipitation_probability': 80 if wet else 5,
        'snowfall': 0, 'weather_code': 61 if wet else 2, 'cloud_cover': 90 if wet else 40, 'pressure_msl': 1013.2, 'visibility': 24140,
        'wind_speed_10m': 4.2, 'wind_gusts_10m': 9.1, 'wind_direction_10m': 315, 'uv_index': 3.2 if 10 <= hour < 16 else 0,
    }[name]


def day_value(name, shift, dry=False):
    if dry and name in ('weather_code', 'precipitation_sum', 'precipitation_probability_max'):
        return 0
    return {'weather_code': 61, 'temperature_2m_max': 15.0 + shift, 'temperature_2m_min': 5.0 + shift, 'apparent_temperature_max': 13 + shift,
            'apparent_temperature_min': 3 + shift, 'precipitation_sum': 2.4, 'precipitation_probability_max': 80, 'snowfall_sum': 0,
            'wind_speed_10m_max': 6, 'wind_gusts_10m_max': 12, 'wind_direction_10m_dominant': 300, 'uv_index_max': 3.2}[name]


class Refused(Exception):
    pass


def names(query, section, known):
    wanted = [n for n in query.get(section, [''])[0].split(',') if n]
    for name in wanted:
        if name not in known:
            raise Refused('Data corrupted at path \'\'. Cannot initialize %s from invalid String value %s.' % (section, name))
    return wanted


def number(query, name, low, high):
    try:
        value = float(query[name][0])
    except (KeyError, ValueError):
        raise Refused("Parameter '%s' must be a number." % name)
    if not low <= value <= high:
        raise Refused('%s must be in range of %s to %s°. Given: %s.' % (name.capitalize(), low, high, value))
    return value


def forecast(query, state):
    latitude, longitude = number(query, 'latitude', -90, 90), number(query, 'longitude', -180, 180)
    current, hourly, daily = names(query, 'current', HOURLY), names(query, 'hourly', HOURLY), names(query, 'daily', DAILY)
    if daily and 'timezone' not in query:
        raise Refused("Timezone is required. Please set a timezone or use 'auto'.")
    if query.get('timeformat') != ['unixtime'] or query.get('wind_speed_unit') != ['ms']:
        raise Refused('This stand-in speaks only unixtime and m/s.')
    offset, zone = (3600, 'Europe/Paris') if longitude > 0 else (0, 'Europe/Lisbon')
    past, ahead = int(query.get('past_days', ['0'])[0]), int(query.get('forecast_days', ['7'])[0])
    midnight = (now() + offset) // 86400 * 86400 - offset
    start, days = midnight - past * 86400, past + ahead
    times = [start + 3600 * i for i in range(24 * days)]
    blank = state.mode == 'nulls'
    reply = {'latitude': round(latitude * 8) / 8, 'longitude': round(longitude * 8) / 8, 'generationtime_ms': 0.2, 'utc_offset_seconds': offset,
             'timezone': zone, 'timezone_abbreviation': 'GMT+%d' % (offset // 3600), 'elevation': 94.0}
    if current:
        t = now() // 900 * 900
        reply['current_units'] = {'time': 'unixtime', 'interval': 'seconds', **{n: HOURLY[n] for n in current}}
        reply['current'] = {'time': t, 'interval': 900, **{n: hour_value(n, t // 3600 * 3600, state.shift + state.now_shift, state.dry) for n in current}}
    if hourly:
        reply['hourly_units'] = {'time': 'unixtime', **{n: HOURLY[n] for n in hourly}}
        reply['hourly'] = {'time': times, **{n: [None if blank else hour_value(n, t, state.shift, state.dry) for t in times] for n in hourly}}
    if daily:
        reply['daily_units'] = {'time': 'unixtime', **{n: DAILY[n] for n in daily}}
        reply['daily'] = {'time': [start + 86400 * i for i in range(days)], **{n: [None if blank else day_value(n, state.shift, state.dry)] * days for n in daily}}
    return reply


def search(query):
    wanted = query.get('name', [''])[0].lower()
    hits = [p for p in PLACES if p['name'].lower().startswith(wanted)] if len(wanted) >= 2 else []
    return {**({'results': hits} if hits else {}), 'generationtime_ms': 0.5}


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def send(self, status, body, content_type='application/json; charset=utf-8', headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header('Content-Type', content_type)
        self.send_header('Content-Length', str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        try:
            self.end_headers()
            self.wfile.write(data)
        except ConnectionError:
            pass  # the client was killed meanwhile

    def fail(self, state):
        headers = [('Retry-After', str(state.retry_after))] if state.retry_after is not None else []
        if state.mode == '400':
            self.send(400, {'error': True, 'reason': 'Latitude must be in range of -90 to 90°. Given: 999.0.'})
        elif state.mode == '429':
            self.send(429, {'error': True, 'reason': 'Minutely API request limit exceeded. Please try again in one minute.'}, headers=headers)
        elif state.mode == '503':
            self.send(503, {'error': True, 'reason': 'The service is overloaded.'}, headers=headers)
        elif state.mode == 'html':
            self.send(200, b'<html><body>Log in to the hotel\'s network</body></html>', 'text/html')
        elif state.mode == 'truncated':
            self.send(200, b'{"latitude":41.1,"hourly":{"time":[17')
        else:
            return False
        return True

    def do_GET(self):
        state, url = self.server.state, urlsplit(self.path)
        query = parse_qs(url.query)
        if url.path == '/control':
            with state.lock:
                self.send(200, {**state.counts, 'queries': state.queries})
            return
        kind = {'/v1/forecast': 'forecast', '/v1/search': 'search'}.get(url.path)
        if kind is None:
            self.send(404, {'error': True, 'reason': 'Not Found'})
            return
        with state.lock:
            state.counts[kind] += 1
            state.queries[kind] = url.query
        with state.lock:
            state.changed.wait_for(lambda: state.mode != 'hang')
        if self.fail(state):
            return
        try:
            self.send(200, forecast(query, state) if kind == 'forecast' else search(query))
        except Refused as refused:
            self.send(400, {'error': True, 'reason': str(refused)})

    def do_POST(self):
        state = self.server.state
        wish = json.loads(self.rfile.read(int(self.headers.get('Content-Length', 0))) or b'{}')
        with state.lock:
            state.mode = wish.get('mode', state.mode)
            state.retry_after = wish.get('retry_after')
            state.shift = wish.get('shift', state.shift)
            state.now_shift = wish.get('now_shift', state.now_shift)
            state.dry = wish.get('dry', state.dry)
            state.changed.notify_all()
        self.send(200, {})


def main():
    server = ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    server.daemon_threads = True
    server.state = State()
    print('http://127.0.0.1:%d' % server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == '__main__':
    main()
