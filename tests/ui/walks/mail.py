# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail: the inbox, the folders, a conversation, a search, a message to write; the first minute."""

import re


def main_screens(s, t):
    mail = s.launch('Mail')
    row = mail.find('list item', re.compile('周末一起爬山'))
    t.shot('inbox', 'All inboxes: conversations in both scripts')
    if mail.has('push button', t.tr('Back')):
        mail.find('push button', t.tr('Back')).click()
        mail.find('list item', re.compile(re.escape(t.tr('All Inboxes'))))
        t.shot('folders', 'The folders of the account')
        mail.find('list item', re.compile(re.escape(t.tr('All Inboxes')))).click()
        row = mail.find('list item', re.compile('周末一起爬山'))
    row.click()
    mail.find('label', t.tr('Reply'))
    t.shot('conversation', 'A conversation with its attachment')
    if mail.has('push button', t.tr('Back')):
        mail.find('push button', t.tr('Back')).click()
    mail.find('list item', re.compile('Plums are here')).click()
    mail.wait_text('Market Hall')
    t.shot('newsletter', 'An HTML message, shown as safe text')
    if mail.has('push button', t.tr('Back')):
        mail.find('push button', t.tr('Back')).click()
    mail.find(('push button', 'toggle button'), t.tr('Search')).click()
    mail.find(('text', 'entry')).type('ferry')
    mail.find('list item', re.compile('ferry'))
    t.shot('search', 'Found while typing, in all mail, without a network')
    s.key('Escape')
    mail.find('push button', t.tr('Write a Message')).click()
    mail.find(('text', 'entry'), re.compile(re.escape(t.tr('To'))))
    t.shot('compose', 'A message to write')
    if mail.has('push button', t.tr('Back')):
        mail.find('push button', t.tr('Back')).click()
    s.key('ctrl+comma')
    mail.find('frame', t.tr('Preferences'))
    t.shot('preferences', 'Preferences')


def first_minute(s, t):
    mail = s.launch('Mail')
    mail.find('push button', t.tr('Add an Account'))
    t.shot('welcome', 'Mail on its first start')
    mail.find('push button', t.tr('Add an Account')).click()
    mail.find(('text', 'entry'), re.compile(re.escape(t.tr('E-Mail Address'))))
    t.shot('account', 'The account: everything can be entered, also without a network')
