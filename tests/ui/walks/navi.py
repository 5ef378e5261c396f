# SPDX-License-Identifier: GPL-3.0-or-later
"""Navi: the route of the sample drive, its steps, a search, a place; the maps; the first minute without a map."""

import re

KILOMETRES = re.compile('km|公里|千米')


def main_screens(s, t):
    navi = s.launch('Navi')
    navi.find('push button', t.tr('Steps'))
    t.shot('route', 'The map with the route of the drive and the moving position')
    navi.find('push button', t.tr('Route Options')).click()
    navi.find('combo box', t.tr('Ferries')).wait(lambda n: n.visible)
    t.shot('options', 'What routes keep clear of: allowed, rather not, never')
    navi.find('push button', t.tr('Back')).click()
    navi.find('push button', t.tr('Steps')).click()
    navi.find('list item')
    t.shot('steps', 'The route as a list of steps')
    s.key('Escape')
    navi.find('push button', t.tr('Close the Route')).click()
    navi.wait_gone('push button', t.tr('Steps'))
    t.shot('map', 'The map of the sample town')
    entry = navi.find('text')
    entry.type('zhiwuyuan')
    navi.find('list item', re.compile('Botanischer|植物园'))
    t.shot('search', 'A place found by its Chinese name, typed in pinyin')
    s.key('Return')
    navi.find('push button', t.tr('Route'))
    t.shot('place', 'The place, and the way to it')
    navi.find('push button', t.tr('Route')).click()
    navi.find('push button', t.tr('Steps'))
    t.shot('way', 'The way there')
    s.key('ctrl+comma')
    navi.find('frame', t.tr('Preferences'))
    t.shot('preferences', 'Preferences')


def first_minute(s, t):
    navi = s.launch('Navi')
    navi.wait_text(t.tr('No Map Yet'))
    t.shot('welcome', 'Navi on its first start: a map is needed, and how to get one')
