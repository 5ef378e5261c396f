# SPDX-License-Identifier: GPL-3.0-or-later
"""The storage page of an app's preferences: its rows, and what the disk says of the same."""

import glob
import os
import re

SIZE = re.compile(r'^([0-9.]+)\s(bytes|[kMG]B)( freed)?$')
UNITS = {'bytes': 1, 'kB': 1e3, 'MB': 1e6, 'GB': 1e9}


def open_page(s, app):
    """Opens the preferences at the storage page, and gives them when every row has its size."""
    s.key('ctrl+comma')
    preferences = app.find('frame', 'Preferences')
    preferences.find('page tab', 'Storage').click()
    preferences.find('label', SIZE)
    preferences.wait(lambda p: not p.find_all('label', '…'), 'the sizes')
    return preferences


def parse(text):
    amount, unit = SIZE.search(text).group(1, 2)
    return float(amount) * UNITS[unit]


def shown(preferences, title):
    """The bytes that the row @title shows; None while it shows none."""
    names = [label.name for label in preferences.find_all('label')]
    after = names[names.index(title) + 1:] if title in names else []
    return next((parse(name) for name in after if SIZE.match(name) and 'freed' not in name), None)


def disk_usage(*folders):
    return sum(os.lstat(f).st_blocks * 512 for folder in folders for f in glob.glob(os.path.join(folder, '**'), recursive=True))


def freed(preferences):
    return parse(preferences.find('label', re.compile('freed$')).name)
