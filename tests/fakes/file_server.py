"""An HTTP server on loopback whose files are bytes, or functions that answer a request by themselves."""
import contextlib
import http.server
import threading


class FileServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        self.files, self.seen = {}, []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def host(self):
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self):
        return f"http://{self.host}"

    def stop(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append(self.path)
        content = self.server.files.get(self.path)
        if callable(content):
            content(self)
        else:
            self.answer(content or b"", 200 if content is not None else 404)

    do_HEAD = do_GET

    def answer(self, body=b"", status=200, claimed=None, **headers):
        """`claimed` is the length to state where that is not the body's."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Content-Length", str(len(body) if claimed is None else claimed))
        self.end_headers()
        self.wfile.write(body)
        if claimed not in (None, len(body)):
            self.close_connection = True

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serving():
    server = FileServer()
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield server
    finally:
        server.stop()
