# SPDX-License-Identifier: GPL-3.0-or-later
"""Weather: the place, the hours, the days, the sun; another place; preferences; the first minute."""

import re
import time

DEGREES = re.compile('^-?\\d+°$')


def go_to_detail(s, t, weather):
    """On a phone the list of places may come first."""
    if not weather.has('label', DEGREES):
        weather.find('list item', index=0).click()
    return weather.find('label', DEGREES)


def main_screens(s, t):
    weather = s.launch('Weather')
    go_to_detail(s, t, weather)
    weather.find('label', t.tr('Hour by hour'))
    t.shot('now', 'The weather now, hour by hour, and the next days')
    pane = weather.find('label', t.tr('Hour by hour'))
    s.scroll(pane, 10)
    t.shot('days', 'Ten days, each with its bar on one scale')
    s.scroll(weather.find('frame'), 20)
    t.shot('details', 'The sun, the wind, the rain and the air')
    if weather.has('push button', t.tr('Back')):
        weather.find('push button', t.tr('Back')).click()
    weather.find('push button', t.tr('Add a place'))
    t.shot('places', 'The places')
    weather.find('push button', t.tr('Add a place')).click()
    weather.find(('text', 'entry')).type('vad')
    weather.find('list item', re.compile('Vaduz|瓦杜兹'))
    t.shot('search', 'A place is found without a network')
    weather.find('list item', re.compile('Vaduz|瓦杜兹')).click()
    weather.find('label', DEGREES)
    t.shot('vaduz', 'The new place, from a made-up provider that says so')
    s.key('ctrl+comma')
    weather.find('frame', t.tr('Preferences'))
    t.shot('preferences', 'Preferences: units and the service')


def use_server(s, server):
    """A stand-in that answers as Open-Meteo does, for the coming days."""
    hours = int(time.time()) // 3600 * 3600
    day = hours // 86400 * 86400

    def forecast(request):
        import json
        document = {'latitude': 47.14, 'longitude': 9.52, 'utc_offset_seconds': 0, 'timezone': 'UTC', 'elevation': 455.0}
        for block, step, count in (('minutely_15', 900, 96), ('hourly', 3600, 264), ('daily', 86400, 11)):
            names = request.first(block).split(',') if request.first(block) else []
            if not names:
                continue
            start = day if block != 'minutely_15' else hours
            values = {'time': [start + i * step for i in range(count)]}
            for name in names:
                values[name] = [value(name, i, step) for i in range(count)]
            document[block] = values
            document[block + '_units'] = {name: '' for name in values}
        if request.first('current'):
            document['current'] = {'time': hours, 'interval': 900, **{name: value(name, 12, 3600) for name in request.first('current').split(',')}}
            document['current_units'] = {name: '' for name in document['current']}
        return 200, 'application/json', json.dumps(document).encode()

    def value(name, i, step):
        hour = i * step // 3600 % 24
        if name == 'weather_code':
            return (0, 2, 3, 61, 80, 3, 71, 2, 0, 1, 3)[i % 11 if step == 86400 else i // 6 % 11]
        if name == 'is_day':
            return 1 if 7 <= hour <= 17 else 0
        if name in ('sunrise', 'sunset'):
            return day + i * 86400 + (7 if name == 'sunrise' else 17) * 3600
        if 'temperature' in name or 'dew' in name:
            return 9.0 + (4 if name.endswith('max') else -3 if name.endswith('min') else 4 - abs(14 - hour) / 2)
        if 'probability' in name or 'humidity' in name or 'cloud' in name:
            return (35 + i * 7) % 100
        if 'pressure' in name:
            return 1015.0
        if 'direction' in name:
            return 240
        if 'visibility' in name:
            return 16000
        if 'uv' in name:
            return 2.1
        return 1.4

    server.route('/v1/forecast', forecast)
    server.json('/v1/search', {'results': [{'id': 1, 'name': 'Vaduz', 'latitude': 47.14, 'longitude': 9.52, 'country': 'Liechtenstein',
                                            'country_code': 'LI', 'timezone': 'Europe/Vaduz', 'elevation': 455.0}]})
    s.set_settings('Weather', **{'forecast-url': server.url + '/v1/forecast', 'search-url': server.url + '/v1/search'})


def first_minute(s, t):
    weather = s.launch('Weather')
    weather.wait_text(t.tr('Which Place?'))
    t.shot('welcome', 'Weather on its first start')
    weather.find(('text', 'entry')).type('vaduz')
    weather.find('list item', re.compile('Vaduz|瓦杜兹'))
    t.shot('search', 'A first place, found on the device')
    weather.find('list item', re.compile('Vaduz|瓦杜兹')).click()
    weather.wait_gone(('text', 'entry'))
    if t.offline:
        weather.wait_text(re.compile(re.escape(t.tr('The forecast comes with the network'))))
        t.shot('place', 'Without a network: what comes later, and what is known already')
    else:
        weather.find('label', DEGREES)
        t.shot('place', 'Its forecast')
