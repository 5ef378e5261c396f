#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weather's window: found without a network, shown with its age, kept when the network goes."""

import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'servers'))
import rig
from open_meteo_client import OpenMeteo

NOON = 1795435200  # 2026-11-23 12:00 UTC
CLOCK = {'CIRRUS_FAKE_TIME': str(NOON)}


def serve(s):
    server = OpenMeteo(env=CLOCK)
    server.write_settings(s.profile)
    return server


@rig.test('the first screen finds a place off line, and says what comes later', offline=True, env=CLOCK)
def first_screen(s):
    app = s.launch('Weather')
    app.wait_text('Which Place?')
    app.check_names()
    s.screenshot('first')
    app.find('entry', 'Search for a place').type('reykja')
    app.find('list item', re.compile('Reykjav')).click()
    app.wait_text('No Connection')
    app.wait_text('The sun is already right')
    app.wait_text('Rises 10:')
    app.check_names()
    s.screenshot('added-off-line')


@rig.test('a place is added, its weather comes, and stays with its age when the network is gone', env=CLOCK)
def on_and_off(s):
    server = serve(s)
    app = s.launch('Weather')
    app.find('entry', 'Search for a place').type('porto')
    app.find('list item', re.compile('^Porto')).click()
    app.wait_text('14°')
    app.wait_text('Partly cloudy')
    app.wait_text('Rain 15:00 to 17:00')
    app.wait_text('Updated just now')
    app.find('image', re.compile('15:00: .*Rain, 1.2 mm'))
    s.screenshot('porto')
    app.check_names()
    s.key('ctrl+q')
    rig.until(lambda: s.children[-1].poll() is not None, 'the window to end')

    server.stop()
    s.env['CIRRUS_FAKE_TIME'] = str(NOON + 4 * 3600)
    app = s.launch('Weather')
    app.wait_text('No Connection. Showing the forecast fetched 4 hours ago.')
    app.wait_text('Updated 4 hours ago')
    app.wait_text('13°')
    s.screenshot('off-line')
    server.start_again()
    app.find('push button', 'Try Again').click()
    app.wait_text('Updated just now')
    server.stop()


@rig.test('now is one value, above and in the strip; a dry strip says so in one line instead of standing empty', env=CLOCK)
def now_and_dry(s):
    server = serve(s)
    server.control(now_shift=3)
    s.run('cirrus', 'weather', 'place', 'add', 'Porto')
    app = s.launch('Weather')
    app.find('label', '17°')
    wet = app.find('image', re.compile('12:00: 17°, .*13:00: 15°'))
    assert 'No rain' not in wet.name, wet.name
    tall = wet.extents[3]
    s.screenshot('wet')
    server.control(dry=True)
    s.key('ctrl+q')
    rig.until(lambda: s.children[-1].poll() is not None, 'the window to end')
    s.env['CIRRUS_FAKE_TIME'] = str(NOON + 4 * 3600)
    server.stop()
    server.env = {'CIRRUS_FAKE_TIME': str(NOON + 4 * 3600)}
    server.start_again()
    server.control(dry=True)
    app = s.launch('Weather')
    dry = app.find('image', re.compile('^No rain in the next 48 hours'))
    assert dry.extents[3] < tall - 20, (dry.extents, tall)
    app.wait_text('Dry for the coming days')
    s.screenshot('dry')
    s.scroll(dry, 30)  # the wheel over the strip turns the page
    app.wait_text('None expected')
    app.check_names()
    server.stop()


@rig.test('a strip that is dry until later today says the hour alone', env={'CIRRUS_FAKE_TIME': str(NOON - 6 * 3600)})
def dry_today(s):
    server = serve(s)
    s.run('cirrus', 'weather', 'place', 'add', 'Porto')
    app = s.launch('Weather')
    app.find('image', re.compile('^No rain before 15:00'))
    server.stop()


def begins_at_the_top(s, choose):
    app = s.launch('Weather')
    strip = app.find('image', re.compile('°, '))
    left = strip.extents[0]
    x, y, width, height = strip.screen_box()
    s.xdotool('mousemove', x + 100, y + height // 2, 'click', '--repeat', 5, '--delay', 30, 7)  # a wheel's turn to the right
    app.wait(lambda a: a.find('image', re.compile('°, ')).extents[0] < left, 'the strip to move')
    s.scroll(strip, 40)
    app.wait_text('UV index')
    assert not app.has('label', re.compile('Feels like'))
    choose(app)
    app.find('label', 'Shanghai', index=1 if s.size[0] > 600 else 0)
    app.find('label', re.compile('Feels like'))
    assert app.find('image', re.compile('°, ')).extents[0] == left
    return app


@rig.test('a newly chosen place begins at the top and at the hour that it is', profile='sample')
def chosen_on_a_phone(s):
    def choose(app):
        app.find('push button', 'Back').click()
        app.find('list item', re.compile('^Shanghai')).click()
    begins_at_the_top(s, choose)


@rig.test('also beside the list, where the pictures of the weather form a column', size=(1000, 700), profile='sample')
def chosen_beside(s):
    app = begins_at_the_top(s, lambda app: app.find('list item', re.compile('^Shanghai')).click())
    rows = app.find_all('list item', re.compile('°, '))
    columns = {image.extents[0] for row in rows for image in row.walk() if image.role == 'image'}
    assert len(rows) > 3 and len(columns) == 1, columns
    s.screenshot('column')


@rig.test('places are moved, removed and brought back', env=CLOCK)
def editing(s):
    server = serve(s)
    for place in ('Porto', 'Quito', 'Shanghai'):
        s.run('cirrus', 'weather', 'place', 'add', place)
    app = s.launch('Weather')
    app.wait_text('14°')
    app.find('push button', 'Back').click()
    app.find('list item', re.compile('^Quito')).wait_text('Quito')
    app.find('push button', 'Edit the list').click()
    s.screenshot('editing')
    app.find('push button', 'Move down').click()

    def order():
        listed = s.run('cirrus', 'weather', 'place', 'list').stdout
        return re.findall(r'"name":"(\w+)"', listed)
    rig.until(lambda: order() == ['Quito', 'Porto', 'Shanghai'], 'Porto to be second')

    def remove():
        app.find('push button', 'Remove').activate()
        rig.until(lambda: order() == ['Porto', 'Shanghai'], 'Quito to be gone')
    s.click_toast(remove, 'removed')
    rig.until(lambda: order() == ['Quito', 'Porto', 'Shanghai'], 'Quito to be back')
    app.check_names()
    server.stop()


@rig.test('what another process adds is seen', env=CLOCK)
def other_process(s):
    server = serve(s)
    s.run('cirrus', 'weather', 'place', 'add', 'Porto')
    app = s.launch('Weather', )
    app.wait_text('14°')
    app.find('push button', 'Back').click()
    s.run('cirrus', 'weather', 'place', 'add', 'Lisbon')
    app.find('list item', re.compile('^Lisbon'))
    server.stop()


@rig.test('units, storage and credits', env=CLOCK)
def preferences(s):
    server = serve(s)
    s.run('cirrus', 'weather', 'place', 'add', 'Porto')
    app = s.launch('Weather')
    app.wait_text('14°')
    s.key('ctrl+comma')
    window = app.find('frame', 'Preferences')
    window.find('push button', re.compile('Temperature')).click()
    window.find('menu item', '°F').click()
    window.find('push button', re.compile('Temperature: °F'))
    window.check_names()
    s.screenshot('preferences')
    window.find('page tab', 'Storage').click()
    window.wait_text('Places and forecasts')
    s.key('Escape')
    app.wait_text('58°')
    app.wait_gone('frame', 'Preferences')
    server.stop()


def stored_places(s):
    """Without what depends on a forecast."""
    return [(p['id'], p['name']) for p in json.loads(s.run('cirrus', 'weather', 'place', 'list').stdout)['places']]


@rig.test('clearing gives the disk back, and keeps the places', size=(1000, 700), env=CLOCK)
def clearing(s):
    server = serve(s)
    names = ('Porto', 'Quito', 'Lima', 'Oslo', 'Vienna', 'Cairo')
    for name in names:
        s.run('cirrus', 'weather', 'place', 'add', name)
    app = s.launch('Weather')
    for name in names:
        app.find('list item', re.compile('^%s.*14°' % name))
    server.stop()  # nothing is fetched again while it is looked at
    places = stored_places(s)
    folders = {title: os.path.join(s.profile, kind, 'weather') for title, kind in
               (('Places and forecasts', 'data'), ('Copies of what was fetched', 'cache'))}
    preferences = rig.storage.open_page(s, app)
    for title, folder in folders.items():
        before = rig.storage.shown(preferences, title)
        preferences.find('push button', 'Clear ' + title).click()
        freed = rig.storage.freed(preferences)
        after = rig.storage.shown(preferences, title)
        on_disk = rig.storage.disk_usage(folder)
        assert after < before / 2 and abs(after - on_disk) < 50000 and freed > before / 2, (title, before, freed, after, on_disk)
        s.screenshot('cleared')
        preferences.wait_gone('label', re.compile('freed$'))
    s.key('Escape')
    app.wait_gone('frame', 'Preferences')
    for name in names:
        app.find('list item', re.compile('^' + name))
    assert stored_places(s) == places


@rig.test('side by side on a wide screen, in the dark', size=(1000, 700), dark=True, profile='sample', env=CLOCK)
def wide(s):
    app = s.launch('Weather')
    app.wait_text('Sample data')
    app.find('list item', re.compile('^Quito')).click()
    app.wait_text('Ecuador')
    s.screenshot('wide')
    app.check_names()


@rig.test('in Chinese', size=(360, 720), lang='zh_CN.UTF-8', profile='sample', env=CLOCK)
def chinese(s):
    app = s.launch('Weather')
    app.wait_text(s.tr('Sample data'))
    app.wait_text(s.tr('Hour by hour'))
    app.wait_text('波尔图')
    app.wait_text('葡萄牙')
    app.find('push button', s.tr('Back')).click()
    for name in ('波尔图', '上海', '雷克雅未克', '基多', '特罗姆瑟'):
        app.find('list item', re.compile('^' + name))
    s.screenshot('chinese')
    listed = s.run('cirrus', 'weather', 'place', 'list').stdout
    assert '"name":"上海"' in listed and 'Shanghai' not in listed.replace('Asia/Shanghai', ''), listed
    app.find('push button', s.tr('Add a place')).click()
    app.find(('text', 'entry')).type('bei')
    app.find('list item', re.compile('^北京'))
    s.key('ctrl+q')
    rig.until(lambda: s.children[-1].poll() is not None, 'the window to end')
    s.env.update(LANG='C.UTF-8', LANGUAGE='')
    app = s.launch('Weather')
    app.wait_text('Porto')
    app.wait_text('Portugal')


rig.main()
