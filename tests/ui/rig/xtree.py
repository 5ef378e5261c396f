# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapped windows of an X screen, through libX11 (no Python package needed)."""

import ctypes as C

X = C.CDLL('libX11.so.6')
ul, vp, ci = C.c_ulong, C.c_void_p, C.c_int


class Attributes(C.Structure):
    _fields_ = [('x', ci), ('y', ci), ('width', ci), ('height', ci), ('border', ci), ('depth', ci), ('visual', vp), ('root', ul), ('kind', ci),
                ('bit_gravity', ci), ('win_gravity', ci), ('backing', ci), ('planes', ul), ('pixel', ul), ('save_under', ci), ('colormap', ul),
                ('installed', ci), ('map_state', ci), ('all_events', C.c_long), ('your_events', C.c_long), ('no_propagate', C.c_long),
                ('override_redirect', ci), ('screen', vp)]


X.XOpenDisplay.restype = vp
X.XOpenDisplay.argtypes = [C.c_char_p]
X.XDefaultRootWindow.restype = ul
X.XDefaultRootWindow.argtypes = [vp]
X.XQueryTree.argtypes = [vp, ul, C.POINTER(ul), C.POINTER(ul), C.POINTER(C.POINTER(ul)), C.POINTER(C.c_uint)]
X.XGetWindowAttributes.argtypes = [vp, ul, C.POINTER(Attributes)]
X.XFetchName.argtypes = [vp, ul, C.POINTER(C.c_char_p)]
X.XFree.argtypes = [vp]
X.XSetInputFocus.argtypes = [vp, ul, ci, ul]
X.XSync.argtypes = [vp, ci]
X.XMoveWindow.argtypes = [vp, ul, ci, ci]
X.XInternAtom.restype = ul
X.XInternAtom.argtypes = [vp, C.c_char_p, ci]
X.XGetSelectionOwner.restype = ul
X.XGetSelectionOwner.argtypes = [vp, ul]
_handler_type = C.CFUNCTYPE(ci, vp, vp)
_handler = _handler_type(lambda display, event: 0)  # a window may go away while it is asked


class Screen:
    def __init__(self, display):
        X.XSetErrorHandler(_handler)
        self.display = X.XOpenDisplay(display.encode())
        assert self.display, 'cannot open the display ' + display
        self.root = X.XDefaultRootWindow(self.display)

    def windows(self):
        """[(id, title or '', x, y, width, height, is_popup)] in stacking order, lowest first."""
        root, parent, count = ul(), ul(), C.c_uint()
        children = C.POINTER(ul)()
        found = []
        if not X.XQueryTree(self.display, self.root, C.byref(root), C.byref(parent), C.byref(children), C.byref(count)):
            return found
        for i in range(count.value):
            attributes = Attributes()
            if not X.XGetWindowAttributes(self.display, children[i], C.byref(attributes)) or attributes.map_state != 2 or attributes.kind != 1:
                continue
            name = C.c_char_p()
            X.XFetchName(self.display, children[i], C.byref(name))
            title = name.value.decode('utf-8', 'replace') if name.value else ''
            if name.value:
                X.XFree(name)
            found.append((children[i], title, attributes.x, attributes.y, attributes.width, attributes.height, bool(attributes.override_redirect)))
        if count.value:
            X.XFree(children)
        return found

    def focus(self, window):
        X.XSetInputFocus(self.display, window, 2, 0)
        X.XSync(self.display, 0)

    def move(self, window, x, y):
        X.XMoveWindow(self.display, window, x, y)
        X.XSync(self.display, 0)

    def is_composited(self):
        return X.XGetSelectionOwner(self.display, X.XInternAtom(self.display, b'_NET_WM_CM_S0', 0)) != 0
