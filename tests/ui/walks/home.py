# SPDX-License-Identifier: GPL-3.0-or-later
"""Home: four apps at a glance."""


def main_screens(s, t):
    home = s.launch('Home')
    home.find('push button', t.tr('Mail'))
    t.shot('home', 'Home: four apps with a live line each')
    home.find('push button', t.tr('Main menu'), index=1).click()
    home.find('label', t.tr('Preferences'))
    t.shot('menu', 'The menu that every app has')
    home.find('label', t.tr('Preferences')).click()
    home.find('frame', t.tr('Preferences')).find('check box', t.tr('Dark'))
    t.shot('preferences', 'Preferences: colours of all apps')
    s.key('Escape')
    home.wait_gone('frame', t.tr('Preferences'))
    home.find('push button', t.tr('Main menu'), index=1).click()
    home.find('label', t.tr('Keyboard Shortcuts')).click()
    home.find('frame', t.tr('Keyboard Shortcuts')).wait_text(t.tr('Quit'))
    t.shot('shortcuts', 'Keyboard shortcuts')


def first_minute(s, t):
    home = s.launch('Home')
    home.find('push button', t.tr('Mail'))
    t.shot('home', 'Home on its first start: each app says what it is for')
