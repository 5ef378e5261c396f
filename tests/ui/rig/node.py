# SPDX-License-Identifier: GPL-3.0-or-later
"""One object of the accessibility tree."""

import re

import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

from .wait import DEADLINE, until  # noqa: E402

# An application that ends while it is asked something is no news here; GLib would write about it among the tour's lines.
GLib.log_set_handler('dbind', GLib.LogLevelFlags.LEVEL_WARNING, lambda *_: None, None)
Atspi.set_timeout(int(DEADLINE * 1000), -1)  # a slow window is not a silent one

TOPLEVELS = ('frame', 'dialog', 'window', 'alert')
# What may hold the focus without being a control of its own.
UNNAMED_ALLOWED = ('frame', 'scroll pane', 'viewport', 'dialog', 'window', 'alert', 'list', 'panel', 'filler', 'grouping', 'popup menu', 'menu', 'grid', 'table', 'tree table')


def matches(wanted, actual):
    actual = actual.replace('\u00a0', ' ')
    if wanted is None:
        return True
    if callable(wanted):
        return bool(wanted(actual))
    if isinstance(wanted, re.Pattern):
        return wanted.search(actual) is not None
    if isinstance(wanted, (tuple, list, set)):
        return actual in wanted
    return wanted == actual


class Node:
    def __init__(self, session, accessible):
        self.session = session
        self.accessible = accessible

    def __repr__(self):
        return '<%s %r>' % (self.role, self.name)

    def _get(self, function, fallback):
        try:
            value = function()
            return fallback if value is None else value
        except GLib.Error:
            return fallback  # gone meanwhile

    @property
    def role(self):
        return self._get(self.accessible.get_role_name, '')

    @property
    def name(self):
        name = self._get(self.accessible.get_name, '')
        # Without a name GTK 4.8 gives the type's.
        return '' if re.fullmatch(r'(Gtk|Adw|Cirrus|Shumate)[A-Z]\w+', name) else name

    @property
    def description(self):
        return self._get(self.accessible.get_description, '')

    @property
    def text(self):
        """The text of an entry or label, else the name."""
        def read():
            iface = self.accessible.get_text_iface()
            if iface is None:
                return None
            return Atspi.Text.get_text(iface, 0, Atspi.Text.get_character_count(iface))
        return self._get(read, '') or self.name

    def _state(self, state):
        return self._get(lambda: self.accessible.get_state_set().contains(state), False)

    @property
    def sensitive(self):
        return self._state(Atspi.StateType.SENSITIVE)

    @property
    def checked(self):
        return self._state(Atspi.StateType.CHECKED) or self._state(Atspi.StateType.PRESSED)

    @property
    def focused(self):
        return self._state(Atspi.StateType.FOCUSED)

    @property
    def focusable(self):
        return self._state(Atspi.StateType.FOCUSABLE)

    @property
    def selected(self):
        return self._state(Atspi.StateType.SELECTED)

    @property
    def extents(self):
        """(x, y, width, height) in the window."""
        def read():
            iface = self.accessible.get_component_iface()
            if iface is None:
                return None
            box = Atspi.Component.get_extents(iface, Atspi.CoordType.WINDOW)
            return (box.x, box.y, box.width, box.height)
        return self._get(read, (0, 0, 0, 0))

    @property
    def visible(self):
        """Has a place on the screen (GTK 4.8 marks neither visible nor showing reliably below the window)."""
        x, y, width, height = self.extents
        return width > 0 and height > 0 and self._state(Atspi.StateType.VISIBLE)

    def chain(self):
        """Itself and what holds it, up to the window."""
        node = self
        while node is not None and node.role != 'application':
            yield node
            if node.role in TOPLEVELS:
                return
            node = node.parent

    @property
    def on_screen(self):
        """Is what one sees (or a part of it, or holds it) at its middle: a hidden page of a stack keeps its old place in the tree."""
        if not self.visible:
            return False
        top = self.toplevel
        if top is None or self.role in TOPLEVELS or self.session.popup_origin(self) is not None:
            return True
        x, y, width, height = self.extents
        _, _, window_width, window_height = top.extents
        left, right = max(0, x), min(window_width, x + width)
        upper, lower = max(0, y), min(window_height, y + height)
        if left >= right or upper >= lower:
            return False

        def pick(dx, dy):
            iface = top.accessible.get_component_iface()
            return Atspi.Component.get_accessible_at_point(iface, left + int((right - left) * dx), upper + int((lower - upper) * dy),
                                                           Atspi.CoordType.WINDOW)
        for dx, dy in ((0.5, 0.5), (0.04, 0.5), (0.5, 0.04), (0.96, 0.96)):
            hit = self._get(lambda: pick(dx, dy), None)
            if hit is not None:
                mine = [n.accessible for n in self.chain()]
                return hit in mine or self.accessible in [n.accessible for n in Node(self.session, hit).chain()]
        return True  # only pictures there, which GTK does not name

    @property
    def children(self):
        count = self._get(self.accessible.get_child_count, 0)
        nodes = []
        for i in range(count):
            child = self._get(lambda: self.accessible.get_child_at_index(i), None)
            if child is not None:
                nodes.append(Node(self.session, child))
        return nodes

    @property
    def parent(self):
        up = self._get(self.accessible.get_parent, None)
        return Node(self.session, up) if up is not None else None

    def walk(self):
        """Itself and all below it that has a place on the screen (pages of a stack have none of their own, only what is in them)."""
        if self.visible or self.role == 'application' or self.role in TOPLEVELS:
            yield self
        elif self._get(self.accessible.get_component_iface, None) is not None:
            return
        for child in self.children:
            yield from child.walk()

    # Finding

    def find_all(self, role=None, name=None):
        return [n for n in self.walk() if matches(role, n.role) and matches(name, n.name) and n.on_screen]

    def has(self, role=None, name=None):
        return any(matches(role, n.role) and matches(name, n.name) and n.on_screen for n in self.walk())

    def find(self, role=None, name=None, deadline=None, index=0):
        def look():
            for i, n in enumerate(n for n in self.walk() if matches(role, n.role) and matches(name, n.name) and n.on_screen):
                if i == index:
                    return n
            return None
        return until(look, '%s %s in %r' % (role or 'anything', getattr(name, 'pattern', name), self), deadline)

    def wait_gone(self, role=None, name=None, deadline=None):
        until(lambda: not self.has(role, name), '%s %s to go' % (role, getattr(name, 'pattern', name)), deadline)

    def wait(self, condition, what='the condition', deadline=None):
        return until(lambda: condition(self), what, deadline)

    def wait_text(self, substring, deadline=None):
        """Waits until something visible says `substring` (or matches a compiled expression)."""
        def said():
            for n in self.walk():
                for words in (n.name, n.text.replace('\u00a0', ' ')):
                    if (substring.search(words) if isinstance(substring, re.Pattern) else substring in words) and n.on_screen:
                        return n
            return None
        return until(said, 'the text %r' % getattr(substring, 'pattern', substring), deadline)

    def texts(self):
        """All that is written on the screen below this node, in order."""
        return [n.text for n in self.walk() if n.role in ('label', 'text', 'heading', 'static') and n.text and n.on_screen]

    # Acting

    @property
    def toplevel(self):
        node = self
        while node is not None and node.role not in TOPLEVELS:
            node = node.parent
        return node

    def screen_box(self):
        x, y, width, height = self.extents
        left, top = self.session.popup_origin(self) or self.session.window_origin(self.toplevel)
        return left + x, top + y, width, height

    def click(self, button=1, at=(0.5, 0.5), repeat=1):
        box = None

        def settled():
            nonlocal box
            before, box = box, self.screen_box()
            return box == before and box[2] > 0
        until(settled, '%r to stand still' % self)
        self.session.pointer(box[0] + int(box[2] * at[0]), box[1] + int(box[3] * at[1]), button, repeat)
        return self

    def activate(self):
        """Its first accessible action (a button's click)."""
        iface = self.accessible.get_action_iface()
        assert iface is not None, '%r has no action' % self
        Atspi.Action.do_action(iface, 0)
        return self

    def focus(self):
        self.accessible.get_component_iface().grab_focus()
        return self

    def type(self, text):
        """Clicks into it and types; text beyond ASCII is inserted through the accessibility interface."""
        self.click()
        if text.isascii():
            self.session.type(text)
        else:
            self.set_text(self.text + text if self.role == 'text' and self.text != self.name else text)
        return self

    def set_text(self, text):
        until(lambda: self.accessible.get_editable_text_iface() is not None, '%r to be editable' % self)
        Atspi.EditableText.set_text_contents(self.accessible.get_editable_text_iface(), text)
        return self

    # Checking

    @property
    def is_nameless(self):
        """A control that may hold the focus and says nothing.  (What AdwComboRow shows as chosen is a list in a row that has the name.)"""
        if not self.focusable or self.role in UNNAMED_ALLOWED or self.name.strip() or not self.on_screen:
            return False
        above = list(self.chain())[1:]
        return not (self.role == 'list item' and any(n.role in ('list item', 'combo box') and n.name for n in above))

    def nameless(self):
        return [n for n in self.walk() if n.is_nameless]

    def check_names(self):
        bad = ['%s at %r' % (n.role, n.extents) for n in self.nameless()]
        assert not bad, 'controls without a name: ' + ', '.join(bad)

    def dump(self, depth=0):
        """Lines that show what is on the screen, for a failed test."""
        lines = []
        seen = self.visible or self.role == 'application' or self.role in TOPLEVELS
        if seen and (self.role not in ('panel', 'filler') or self.name):
            lines.append('%s%s %r %r' % ('  ' * depth, self.role, self.text or self.name, self.extents))
            depth += 1
        if seen or self._get(self.accessible.get_component_iface, None) is None:
            for child in self.children:
                lines += child.dump(depth)
        return lines
