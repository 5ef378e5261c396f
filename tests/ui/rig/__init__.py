# SPDX-License-Identifier: GPL-3.0-or-later
"""The UI test rig: drives the real windows, from the install prefix, on a private screen, and reads what they say.

How a test is written (tests/ui/<area>/test-<what>.py, listed in tests/ui/<area>/meson.build as suite 'ui', TAP):

    #!/usr/bin/python3
    # SPDX-License-Identifier: GPL-3.0-or-later
    import os, sys
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
    import rig

    @rig.test('a place is found and shown', size=(480, 800))
    def place(s):                                   # s: a Session of its own: fresh screen, bus, HOME and profile
        app = s.launch('Weather')                   # starts cirrus-weather and waits for its window
        app.find('push button', 'Add a Place').click()
        app.find('text').type('Vaduz')              # role 'text' is an entry
        app.find('list item', re.compile('Vaduz')).click()
        app.wait_text('Vaduz')                      # a deadline, never a fixed time
        s.screenshot('vaduz')                       # build/screenshots/<test program>/vaduz.png
        app.check_names()                           # no focusable node without a name

    rig.main()

What there is:
  rig.test(title, size=, lang=, dark=, offline=, profile=, env=)    lang 'C.UTF-8' or 'zh_CN.UTF-8'; profile 'empty', 'sample' or a folder (copied);
      offline=True: the session has no network at all (own network namespace), so a server that the test runs is out of reach too;
      env: more environment for apps and services (a provider's address, CIRRUS_FAKE_TIME ...): a dict or a function of the session
  Session: launch(name, *arguments) -> Node of the application; screenshot(name); key('ctrl+comma'); type(text); tr(text): the translation in the
      session's language; run('cirrus', 'mail', 'list') -> CompletedProcess (in the session's environment); profile, home, env; processes are ended with it;
      start('cirrus-mail') -> process, application('Mail', process) -> Node: launch() in two steps; kill(process): SIGKILL;
      scroll(node, down=3); drag((x, y), (x, y)); windows()
  Node: role, name, text, description, children, extents (in the window), visible, sensitive, checked, focused;
      find(role=None, name=None) waits for the first match that is on the screen (not scrolled away, not on a hidden page, not covered); find_all; has (no wait); wait_gone; wait(lambda node: ...); wait_text(substring);
      click() by pointer in the middle of it; activate() by its accessible action; focus(); type(text); set_text(text); check_names()
  name may be a string (whole name), a compiled regular expression (searched) or a function; role an AT-SPI role name
      ('push button', 'toggle button', 'text', 'label', 'list item', 'check box', 'radio button', 'menu item', 'page tab', 'frame', 'image', 'panel' ...).
  rig.storage: the storage page of an app's preferences (its rows' sizes), and what the disk says
  rig.until(function): polls it until it is true, with the rig's deadline (CIRRUS_UI_DEADLINE seconds, 20 by default).
GTK 4.8 exposes list rows without an action: click() them.  Give a row, an entry and an icon button a label (gtk_accessible_update_property) so that they are found.
A test program alone: `meson install -C build && CIRRUS_BUILD_ROOT=$PWD/build CIRRUS_PREFIX=$PWD/build/install /usr/bin/python3 tests/ui/suite/test-home.py`.
"""

from .session import Session, build_root, prefix, ensure_locale  # noqa: F401
from .node import Node  # noqa: F401
from .wait import until, DEADLINE  # noqa: F401
from .tap import test, main, skip  # noqa: F401
from . import storage  # noqa: F401
