#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every app has: preferences, what it stores and how that is cleared, and an About with its credits and licences."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import rig

# What is stored, as its storage page lists it.  Home stores nothing of its own.
STORED = {'Home': [], 'Mail': ['Messages'], 'Search': ['Saved Pages and History', 'Answers from the Web'],
          'Weather': ['Places and forecasts', 'Copies of what was fetched'], 'Navi': ['Maps']}
# Whose data or program it credits, besides the libraries that all use.
CREDITED = {'Home': 'Libraries', 'Mail': 'LibEtPan', 'Search': 'Wikipedia', 'Weather': 'Open-Meteo', 'Navi': 'OpenStreetMap'}
SIZE = re.compile(r'^[0-9.]+ (bytes|[kMG]B)$')


def walk(s, name):
    app = s.launch(name)
    rig.until(lambda: app.find_all('push button'), 'the window to have its buttons')
    s.key('ctrl+comma')
    preferences = app.find('frame', 'Preferences')
    preferences.check_names()
    s.screenshot(name.lower() + '-preferences')
    if name != 'Home':
        preferences.find('page tab', 'Storage').click()
        preferences.find('label', SIZE)
        for title in STORED[name]:
            preferences.wait_text(title)
        preferences.check_names()
        s.screenshot(name.lower() + '-storage')
    if name == 'Mail':
        # All of the sample's mail is only here: none of it can be fetched again.
        assert not preferences.find('push button', 'Clear Messages').sensitive
    if name == 'Navi':
        preferences.find('label', 'Maps').click()
        app.wait_gone('frame', 'Preferences')
        app.find(('push button', 'button'), re.compile('Import a Map'))
        s.screenshot('navi-maps')
    else:
        s.key('Escape')
        app.wait_gone('frame', 'Preferences')
    s.run('gapplication', 'action', rig.session.ID_PREFIX + '.' + name, 'about')
    app.find('list item', 'Legal').click()
    app.wait_text('GNU General Public License')
    app.wait_text('Libraries')
    app.find('label', re.compile(CREDITED[name]))
    s.screenshot(name.lower() + '-about')


for app_name in STORED:
    rig.test('%s: preferences, storage, About' % app_name, profile='sample')(lambda s, name=app_name: walk(s, name))
rig.main()
