"""A forward proxy on loopback: plain requests by their absolute address, tunnels by CONNECT.

Names that only the proxy knows stand for addresses of this machine (`hosts`: "name:port" to "127.0.0.1:port"); what it was
asked is kept in `log` as (method, target, headers). With `user` it lets nobody through who does not say who they are.
"""
import base64
import contextlib
import http.client
import http.server
import select
import socket
import threading
import urllib.parse


class Proxy(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, user=None):
        self.hosts, self.log, self.user = {}, [], user  # user: "name:password"
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def host(self):
        return f"127.0.0.1:{self.server_port}"

    def targets(self, method=None):
        return [target for how, target, _ in self.log if method in (None, how)]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _admitted(self):
        self.server.log.append((self.command, self.path, dict(self.headers)))
        wanted = self.server.user and "Basic " + base64.b64encode(self.server.user.encode()).decode()
        if not wanted or self.headers.get("Proxy-Authorization") == wanted:
            return True
        self.send_response(407)
        self.send_header("Proxy-Authenticate", 'Basic realm="proxy"')
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False

    def do_CONNECT(self):
        if not self._admitted():
            return
        place = self.server.hosts.get(self.path)
        if not place:
            return self.send_error(502)
        host, _, port = place.rpartition(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.end_headers()
            self._pass_on(there)
        self.close_connection = True

    def _pass_on(self, there):
        ends = {self.connection: there, there: self.connection}
        while True:
            for ready in select.select(list(ends), [], [], 10)[0] or [None]:
                data = ready.recv(65536) if ready else b""
                if not data:
                    return
                ends[ready].sendall(data)

    def _forward(self):
        if not self._admitted():
            return
        url = urllib.parse.urlsplit(self.path)
        place = self.server.hosts.get(url.netloc)
        if not place:
            return self.send_error(502)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        there = http.client.HTTPConnection(place, timeout=10)
        headers = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        there.request(self.command, url.path + (f"?{url.query}" if url.query else ""), body or None, headers)
        answer = there.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", answer.getheader("Content-Length", "0") if self.command == "HEAD" else str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = _forward

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serving(**options):
    proxy = Proxy(**options)
    thread = threading.Thread(target=proxy.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
