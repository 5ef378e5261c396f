# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the Web: one local server whose answers a walk or test gives.

    server = StandIn()
    server.json('/v1/forecast', {...})                  # exact path; the query is ignored
    server.route('/w/api.php', lambda request: (200, 'application/json', b'...'))     # request.path, request.query (dict of lists)
    server.url                                          # 'http://127.0.0.1:PORT'
    server.seen                                         # paths asked for so far"""

import http.server
import json
import threading
import urllib.parse


class Request:
    def __init__(self, path, query, headers, body):
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body

    def first(self, name, fallback=''):
        return self.query.get(name, [fallback])[0]


class StandIn:
    def __init__(self):
        self.routes = {}
        self.seen = []
        standin = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def answer(self):
                parts = urllib.parse.urlsplit(self.path)
                length = int(self.headers.get('Content-Length') or 0)
                request = Request(parts.path, urllib.parse.parse_qs(parts.query), self.headers, self.rfile.read(length) if length else b'')
                standin.seen.append(self.path)
                function = standin.routes.get(parts.path)
                status, kind, body = function(request) if function else (404, 'text/plain', b'not here')
                self.send_response(status)
                self.send_header('Content-Type', kind)
                self.send_header('Content-Length', str(len(body)))
                self.send_header('Cache-Control', 'max-age=60')
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return 'http://127.0.0.1:%d' % self.server.server_address[1]

    def route(self, path, function):
        self.routes[path] = function

    def json(self, path, document):
        self.route(path, lambda request: (200, 'application/json', json.dumps(document).encode()))

    def close(self):
        self.server.shutdown()
        self.server.server_close()
