# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy in front of the tests' Dovecot: leaves out capabilities, counts commands, holds a connection at a command of the client or rewrites it."""
import re, socket, ssl, threading


class ImapProxy:
    def __init__(self, servers, without=()):
        self.servers, self.without = servers, [w.encode() for w in without]
        self.hold_at, self.held, self.cut_at = None, threading.Event(), None
        self.rewrite = None  # gets what the client sends, returns what the server gets
        self.received = 0  # bytes sent to the client
        self.commands = []
        self.sockets = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(servers.tls + "/good.pem", servers.tls + "/good.key")
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(20)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, raw):
        try:
            client = self.context.wrap_socket(raw, server_side=True)
            server = ssl.create_default_context(cafile=self.servers.ca).wrap_socket(
                socket.create_connection(("127.0.0.1", self.servers.imaps)), server_hostname="localhost")
        except OSError:
            raw.close()
            return
        self.sockets += [client, server]
        threading.Thread(target=self.pump_down, args=(server, client), daemon=True).start()
        self.pump_up(client, server)

    def pump_up(self, client, server):
        try:
            while True:
                data = client.recv(65536)
                if not data:
                    break
                self.commands += [l.split(b" ", 1)[1] for l in data.split(b"\r\n") if b" " in l[:12]]
                if self.hold_at is not None and re.search(self.hold_at, data):
                    self.held.set()
                    while client.recv(65536):  # swallowed until the client is gone
                        pass
                    break
                server.sendall(self.rewrite(data) if self.rewrite else data)
        except OSError:
            pass
        for s in (client, server):
            try:
                s.close()
            except OSError:
                pass

    def pump_down(self, server, client):
        try:
            while True:
                data = server.recv(65536)
                if not data:
                    break
                if self.without and b"CAPABILITY" in data:
                    for word in self.without:
                        data = re.sub(rb" " + word + rb"(?=[ \]\r])", b"", data)
                self.received += len(data)
                client.sendall(data)
        except OSError:
            pass
        for s in (client, server):
            try:
                s.close()
            except OSError:
                pass

    def cut(self):
        """Ends all connections, those that are held too."""
        for s in self.sockets:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
