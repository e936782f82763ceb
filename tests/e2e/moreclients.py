"""Clients only the tests need: the surfaces over HTTP/2, and an API call the gate has no reader for."""

import json
import secrets
from typing import Any

from cerco.lab.clients import TIMEOUT, TOKEN, Proxy, Sent, Told, attempt, h2_context, sdk_config
from cerco.lab.payloads import Kind, Payload

API = {"x-acs-dingtalk-access-token": TOKEN}


def todo(payload: Payload, proxy: Proxy | None) -> Sent:
    """Create a task with the official SDK."""
    from alibabacloud_dingtalk.todo_1_0 import models
    from alibabacloud_dingtalk.todo_1_0.client import Client
    from alibabacloud_tea_util.models import RuntimeOptions

    def call() -> Told:
        request = models.CreateTodoTaskRequest(subject=payload.title, description=payload.text)
        headers = models.CreateTodoTaskHeaders(x_acs_dingtalk_access_token=TOKEN)
        answer = Client(sdk_config(proxy)).create_todo_task_with_options(
            "lab-union", request, headers, RuntimeOptions()
        )
        return Told(ok=True, outcome=f"HTTP {answer.status_code}")

    return attempt("alibabacloud-dingtalk", "todo", payload, proxy, call)


def h2_media(payload: Payload, proxy: Proxy | None) -> Sent:
    def call(client: Any) -> Told:
        files = {"media": (payload.filename, payload.data, payload.mime)}
        answer = client.post("https://oapi.dingtalk.com/media/upload?access_token=t&type=file", files=files)
        assert answer.http_version == "HTTP/2"
        code = answer.json()["errcode"]
        return Told(code == 0, "", "" if code == 0 else answer.json()["errmsg"])

    return _h2("media upload", payload, proxy, call)


def h2_robot(payload: Payload, proxy: Proxy | None) -> Sent:
    def call(client: Any) -> Told:
        titled = payload.kind is Kind.TITLE
        param = {"title": payload.title, "text": payload.text} if titled else {"content": payload.text}
        message = {
            "robotCode": "lab-robot",
            "userIds": ["lab-user"],
            "msgKey": "sampleMarkdown" if titled else "sampleText",
            "msgParam": json.dumps(param),
        }
        return _api(client.post("https://api.dingtalk.com/v1.0/robot/oToMessages/batchSend", json=message, headers=API))

    return _h2("api robot", payload, proxy, call)


def h2_todo(payload: Payload, proxy: Proxy | None) -> Sent:
    def call(client: Any) -> Told:
        task = {"subject": payload.title, "description": payload.text}
        return _api(client.post("https://api.dingtalk.com/v1.0/todo/users/lab-union/tasks", json=task, headers=API))

    return _h2("todo", payload, proxy, call)


def h2_drive(payload: Payload, proxy: Proxy | None) -> Sent:
    """Init, PUT, commit; goes on after a refused PUT, so that the refused commit is seen too."""

    def call(client: Any) -> Told:
        base = "https://api.dingtalk.com/v1.0/storage/spaces/90001/files"
        size = len(payload.data)
        check = {"option": {"preCheckParam": {"name": payload.filename, "size": size}}, "protocol": "HEADER_SIGNATURE"}
        init = client.post(f"{base}/uploadInfos/query?unionId=lab", json=check, headers=API)
        if init.status_code != 200:
            return Told(ok=False, outcome="init refused", error=init.json()["message"])
        info = init.json()["headerSignatureInfo"]
        put = client.put(info["resourceUrls"][0], content=payload.data, headers=info["headers"])
        key = init.json()["uploadKey"]
        commit = client.post(
            f"{base}/commit?unionId=lab",
            json={"uploadKey": key, "name": payload.filename, "parentId": "0", "option": {"size": size}},
            headers=API,
        )
        said = "" if put.status_code == 200 else put.text
        if commit.status_code != 200:
            said += commit.json()["message"]
        assert put.http_version == commit.http_version == "HTTP/2"
        steps = f"put {put.status_code}, commit {commit.status_code}"
        return Told(ok=not said, outcome=steps, error=said)

    return _h2("drive upload", payload, proxy, call)


def _h2(surface: str, payload: Payload, proxy: Proxy | None, run: Any) -> Sent:
    import httpx

    def call() -> Told:
        with httpx.Client(http2=True, verify=h2_context(proxy), timeout=TIMEOUT) as client:
            told: Told = run(client)
            return told

    return attempt("httpx", f"{surface}, HTTP/2", payload, proxy, call)


def _api(answer: Any) -> Told:
    assert answer.http_version == "HTTP/2"
    said = "" if answer.status_code == 200 else answer.json()["message"]
    return Told(ok=not said, outcome=f"HTTP {answer.status_code}", error=said)


def raw_http(payload: Payload, proxy: Proxy, *, how: str) -> Sent:
    """Send a webhook message in one of the shapes of `shapes.py`."""
    import socket
    import ssl

    from tests.e2e.shapes import SHAPES

    def call() -> Told:
        connection = socket.create_connection((proxy.host, proxy.port), timeout=10)
        connection.sendall(b"CONNECT oapi.dingtalk.com:443 HTTP/1.1\r\nHost: oapi.dingtalk.com:443\r\n\r\n")
        assert b"200" in connection.recv(4096)
        context = ssl.create_default_context(cafile=str(proxy.ca_file))
        secure = context.wrap_socket(connection, server_hostname="oapi.dingtalk.com")
        secure.settimeout(3)
        answer, outcome = b"", "closed"
        try:
            secure.sendall(SHAPES[how](payload.text))
            while b'"errcode"' not in answer and (chunk := secure.recv(65536)):
                answer += chunk
        except OSError as error:
            outcome = type(error).__name__
        said = answer.decode(errors="replace")
        return Told(ok='"errcode":0' in said.replace(" ", ""), outcome=outcome, error=said)

    return attempt("socket", how, payload, None, call)


def fragments(payload: Payload, proxy: Proxy) -> Sent:
    """Send a chat message in WebSocket fragments of three bytes, with the number cut in two."""
    import websocket

    def call() -> Told:
        chat = websocket.create_connection(
            "wss://webalfa.dingtalk.com/long",
            http_proxy_host=proxy.host,
            http_proxy_port=proxy.port,
            proxy_type="http",
            sslopt={"ca_certs": str(proxy.ca_file)},
            timeout=10,
        )
        mid = f"{secrets.token_hex(4)} 0"
        frame = {
            "lwp": "/r/IDLSend/send",
            "headers": {"mid": mid},
            "body": [{"content": {"textContent": {"text": payload.text}}}],
        }
        data = json.dumps(frame, ensure_ascii=True).encode()
        pieces = [data[i : i + 3] for i in range(0, len(data), 3)]
        for number, piece in enumerate(pieces):
            opcode = websocket.ABNF.OPCODE_TEXT if number == 0 else websocket.ABNF.OPCODE_CONT
            chat.send_frame(websocket.ABNF(int(number == len(pieces) - 1), 0, 0, 0, opcode, 1, piece))
        chat.ping(payload.marker.encode())
        answer = json.loads(chat.recv())
        chat.close(reason=payload.marker.encode())
        return Told(answer["code"] == 200, f"code {answer['code']}", answer["body"].get("reason", ""))

    return attempt("web chat", "fragments", payload, None, call)


def opaque(payload: Payload, proxy: Proxy | None, *, what: str) -> Sent:
    """Speak something nobody can read to a DingTalk host, or refuse the gate's certificate."""
    import socket
    import ssl

    host = "oapi.dingtalk.com" if what == "distrust" else "lws.dingtalk.com"
    said = {
        "lws": b"\x10\x40\x40\x00" + payload.marker.encode() * 3,
        "raw tcp": b"\x00\x01\x02" + payload.marker.encode(),
    }

    def call() -> Told:
        if proxy and proxy.host:
            connection = socket.create_connection((proxy.host, proxy.port), timeout=10)
            connection.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
            assert b"200" in connection.recv(4096)
        else:
            connection = socket.create_connection((host, 443), timeout=10)
        connection.settimeout(8)
        if what == "distrust":
            try:
                ssl.create_default_context().wrap_socket(connection, server_hostname=host)
            except ssl.SSLError as error:
                return Told(ok=False, outcome=type(error).__name__)
            return Told(ok=True, outcome="trusted")
        data = said[what]
        for byte in data:  # one at a time: a gate must not guess on the first
            connection.sendall(bytes([byte]))
        try:
            answer = connection.recv(4096)
        except ConnectionError:
            answer = b""
        return Told(ok=False, outcome="closed" if not answer else "answered")

    return attempt("socket", what, payload, None, call)


def certificate(payload: Payload, proxy: Proxy | None, *, host: str) -> Sent:
    """Report who signed the certificate that a host shows."""
    import socket
    import ssl

    from cryptography import x509

    del payload

    def call() -> Told:
        if proxy and proxy.host:
            connection = socket.create_connection((proxy.host, proxy.port), timeout=10)
            connection.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
            assert b"200" in connection.recv(4096)
        else:
            connection = socket.create_connection((host, 443), timeout=10)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(connection, server_hostname=host) as secure:
            der = secure.getpeercert(binary_form=True)
            assert der
            return Told(ok=True, outcome=x509.load_der_x509_certificate(der).issuer.rfc4514_string())

    from cerco.lab.payloads import make

    return attempt("openssl", "certificate", make(Kind.CLEAN, seed="certificate"), None, call)


def quic(payload: Payload, proxy: Proxy | None) -> Sent:
    """Ask a DingTalk host for HTTP/3, as browsers do where they may."""
    import socket
    import time

    from aioquic.quic.configuration import QuicConfiguration
    from aioquic.quic.connection import QuicConnection

    del proxy

    def call() -> Told:
        address = socket.getaddrinfo("oapi.dingtalk.com", 443, socket.AF_INET)[0][4]
        settings = QuicConfiguration(alpn_protocols=["h3"], server_name="oapi.dingtalk.com", is_client=True)
        connection = QuicConnection(configuration=settings)
        connection.connect(address, now=time.time())
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(5)
            for datagram, _ in connection.datagrams_to_send(now=time.time()):
                sock.sendto(datagram, address)
            answer = sock.recv(4096)
        connection.receive_datagram(answer, address, now=time.time())
        gone = connection.next_event()
        return Told(ok=False, outcome=type(gone).__name__, error=getattr(gone, "reason_phrase", ""))

    return attempt("aioquic", "HTTP/3", payload, None, call)
