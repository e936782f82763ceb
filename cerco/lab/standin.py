"""The stand-in's web side: the hosts of DingTalk that our clients talk to, answering in their own shapes.

In:    requests that `journal.Recorder` has written to the journal, whole.
Out:   an ASGI application; HTTP here, WebSockets in `sockets`.
Never: an answer before the journal has the request; a request refused for its content: what arrives has leaked.
"""

import base64
import email.parser
import email.policy
import hashlib
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from importlib import resources
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Host, Route, Router

from cerco.lab.journal import App, Journal, Recorder
from cerco.lab.objects import ObjectStore
from cerco.lab.sockets import ChatHub, chat_routes, stream_routes

STREAM_HOST = "wss-open-connection.dingtalk.com"

# Every name a client of ours resolves; a laboratory without a proxy puts these into its hosts file.
HOSTS = (
    "api.dingtalk.com",
    "eco.taobao.com",
    "im.dingtalk.com",
    "lws.dingtalk.com",
    "oapi.dingtalk.com",
    "webalfa.dingtalk.com",
    STREAM_HOST,
    "zjk.trans.dingtalk.com",
    "www.example.test",
)


@dataclass(slots=True)
class World:
    """What the stand-in remembers between requests."""

    store: ObjectStore = field(default_factory=ObjectStore)
    chunks: dict[str, dict[int, bytes]] = field(default_factory=dict, repr=False)  # upload_id -> chunks by number
    dentries: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)  # dentry id -> file in the drive
    hub: ChatHub = field(default_factory=ChatHub)


def create(journal: Journal, world: World | None = None) -> App:
    """Build the application; the journal gets every request before it is answered."""
    world = world or World()
    files = _Files(world)
    oapi = Router(
        [
            Route("/media/upload", _media_upload, methods=["POST"]),
            Route("/file/upload/transaction", files.transaction, methods=["GET"]),
            Route("/file/upload/chunk", files.chunk, methods=["POST"]),
            Route("/robot/send", _robot_send, methods=["POST"]),
            Route("/robot/sendBySession", _robot_send, methods=["POST"]),
            Route("/{path:path}", _oapi_other, methods=["GET", "POST"]),
        ]
    )
    api = Router(
        [
            Route("/v1.0/oauth2/accessToken", _access_token, methods=["POST"]),
            Route("/v1.0/gateway/connections/open", _open_connection, methods=["POST"]),
            Route("/v1.0/robot/oToMessages/batchSend", _robot_batch, methods=["POST"]),
            Route("/v1.0/robot/groupMessages/send", _robot_batch, methods=["POST"]),
            Route("/v1.0/storage/spaces/{space}/files/uploadInfos/query", files.init, methods=["POST"]),
            Route("/v2.0/storage/spaces/files/{parent}/uploadInfos/query", files.init, methods=["POST"]),
            Route("/v1.0/storage/spaces/{space}/files/multiPartUploadInfos/init", files.init_parts, methods=["POST"]),
            Route("/v1.0/storage/spaces/files/multiPartUploadInfos/query", files.parts, methods=["POST"]),
            Route("/v1.0/storage/spaces/{space}/files/commit", files.commit, methods=["POST"]),
            Route("/v2.0/storage/spaces/files/{parent}/commit", files.commit, methods=["POST"]),
            Route("/v1.0/drive/spaces/{space}/files/{parent}/uploadInfos", files.init_old, methods=["GET"]),
            Route("/v1.0/drive/spaces/{space}/files", files.commit_old, methods=["POST"]),
            Route("/v1.0/convFile/conversations/files/send", files.share, methods=["POST"]),
            Route("/v1.0/convFile/apps/conversations/files/send", files.share, methods=["POST"]),
            Route("/{path:path}", _api_other, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]
    )
    store = Router([Route("/{key:path}", files.object, methods=["GET", "HEAD", "PUT", "POST", "DELETE"])])
    app = Starlette(
        routes=[
            Host("oapi.dingtalk.com", oapi),
            Host("api.dingtalk.com", api),
            Host("eco.taobao.com", Router([Route("/router/rest", _top, methods=["GET", "POST"])])),
            Host("{zone}.trans.dingtalk.com", store),
            Host("{bucket}.oss-cn-{region}.aliyuncs.com", store),
            Host("im.dingtalk.com", Router([Route("/{path:path}", _chat_page)])),
            Host("webalfa.dingtalk.com", Router(chat_routes(world.hub))),
            Host(STREAM_HOST, Router(stream_routes())),
            Host("www.example.test", Router([Route("/{path:path}", _other_site, methods=["GET", "POST"])])),
            Route("/{path:path}", _unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]
    )
    return Recorder(app, journal)


async def _json(request: Request) -> dict[str, Any] | None:
    try:
        value = json.loads(await request.body())
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


async def _robot_send(request: Request) -> Response:
    body = await request.body()
    message = await _json(request)
    if message is None and b"msgtype=" not in body:  # the form-encoded variety names its fields in the body
        return JSONResponse({"errcode": 40035, "errmsg": "缺少参数 json"})
    return JSONResponse({"errcode": 0, "errmsg": "ok"})


async def _media_upload(request: Request) -> Response:
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + await request.body())
    parts = {part.get_param("name", header="content-disposition"): part for part in form.iter_parts()}
    if "media" not in parts:
        return JSONResponse({"errcode": 40035, "errmsg": "缺少参数 media"})
    kind = parts["type"].get_content().strip() if "type" in parts else request.query_params.get("type", "file")
    media_id = "@lAL" + secrets.token_urlsafe(24)
    now = int(time.time() * 1000)
    answer = {"errcode": 0, "errmsg": "ok", "media_id": media_id, "type": kind, "created_at": now}
    return JSONResponse(answer, headers={"Access-Control-Allow-Origin": "https://im.dingtalk.com"})


async def _oapi_other(_request: Request) -> Response:
    token = secrets.token_hex(16)
    return JSONResponse(
        {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200, "userid": "lab", "result": {}}
    )


async def _top(request: Request) -> Response:
    name = request.query_params.get("method", "").replace(".", "_")
    return JSONResponse({f"{name}_response": {"result": {"success": True, "task_id": 1, "userid": "lab"}}})


async def _access_token(_request: Request) -> Response:
    return JSONResponse({"accessToken": secrets.token_hex(16), "expireIn": 7200})


async def _open_connection(_request: Request) -> Response:
    ticket = secrets.token_hex(16)
    return JSONResponse({"endpoint": f"wss://{STREAM_HOST}:443/connect", "ticket": ticket})


async def _robot_batch(request: Request) -> Response:
    message = await _json(request)
    if not request.headers.get("x-acs-dingtalk-access-token"):
        return _fault("InvalidAuthentication", "不合法的access_token")
    if message is None or not message.get("msgKey") or "msgParam" not in message:
        return _fault("invalidParameter", "msgKey and msgParam are required")
    query_key = secrets.token_urlsafe(24)
    return JSONResponse({"processQueryKey": query_key, "invalidStaffIdList": [], "flowControlledStaffIdList": []})


async def _api_other(_request: Request) -> Response:
    return JSONResponse({"success": True, "requestId": _request_id()})


class _Files:
    """The calls that put a file into the drive and a conversation, whole or in parts, and the store between them."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def init(self, request: Request) -> Response:
        if not request.headers.get("x-acs-dingtalk-access-token"):
            return _fault("InvalidAuthentication", "不合法的access_token")
        offer = self._world.store.offer()
        return JSONResponse(
            {
                "uploadKey": offer.upload_key,
                "storageDriver": "DINGTALK",
                "protocol": "HEADER_SIGNATURE",
                "headerSignatureInfo": {
                    "resourceUrls": [offer.url],
                    "internalResourceUrls": [],
                    "headers": dict(offer.headers),
                    "expirationSeconds": 900,
                    "region": "ZHANGJIAKOU",
                },
            }
        )

    async def init_parts(self, _request: Request) -> Response:
        return JSONResponse({"uploadKey": self._world.store.offer().upload_key, "storageDriver": "DINGTALK"})

    async def parts(self, request: Request) -> Response:
        message = await _json(request) or {}
        upload_key = str(message.get("uploadKey"))
        if upload_key not in self._world.store.offered:
            return _fault("paramError", "uploadKey is missing or unknown")
        offers = self._world.store.offer_parts(upload_key, [int(number) for number in message.get("partNumbers", [])])
        infos = [
            {
                "partNumber": number,
                "headerSignatureInfo": {"resourceUrls": [offer.url], "headers": dict(offer.headers)},
            }
            for number, offer in offers.items()
        ]
        return JSONResponse({"multipartHeaderSignatureInfos": infos})

    async def transaction(self, request: Request) -> Response:
        """Open an older upload, or close it and hand out the media id of what its chunks make."""
        upload, query = request.query_params.get("upload_id"), request.query_params
        if upload is None:
            upload = secrets.token_hex(16)
            self._world.chunks[upload] = {}
            return JSONResponse({"errcode": 0, "errmsg": "ok", "upload_id": upload})
        chunks = self._world.chunks.get(upload, {})
        if sorted(chunks) != list(range(1, int(query.get("chunk_numbers", "0")) + 1)):
            return JSONResponse({"errcode": 40035, "errmsg": "缺少分块"})
        return JSONResponse({"errcode": 0, "errmsg": "ok", "media_id": "@lAL" + secrets.token_urlsafe(24)})

    async def chunk(self, request: Request) -> Response:
        chunks = self._world.chunks.get(request.query_params.get("upload_id", ""))
        if chunks is None:
            return JSONResponse({"errcode": 40035, "errmsg": "不合法的upload_id"})
        chunks[int(request.query_params["chunk_sequence"])] = await request.body()
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    async def object(self, request: Request) -> Response:
        """Serve the object store; the path is the object's key, percent-encoded or not."""
        raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
        key = unquote(raw.decode("latin-1").lstrip("/"))
        headers = {name.lower(): value for name, value in request.headers.items()}
        host = request.url.hostname or ""
        query = request.url.query
        answer = self._world.store.handle(request.method, host, key, headers, await request.body(), query=query)
        return Response(answer.body, answer.status, dict(answer.headers))

    async def commit(self, request: Request) -> Response:
        message = await _json(request) or {}
        object_key = self._world.store.offered.get(str(message.get("uploadKey")))
        name = message.get("name")
        if object_key is None or not isinstance(name, str) or not name:
            return _fault("paramError", "uploadKey or name is missing or unknown")
        self._world.store.uploads.finish(object_key)
        data = self._world.store.objects.get(object_key)
        if data is None:
            return _fault("resourceNotExist", "nothing was uploaded under this uploadKey")
        size = (message.get("option") or {}).get("size")
        if size is not None and int(size) != len(data):
            return _fault("paramError", "option.size is not the size of what was uploaded")
        dentry = self._dentry(name, len(data), request.path_params, message)
        self._world.dentries[dentry["id"]] = dentry
        return JSONResponse({"dentry": dentry})

    async def init_old(self, _request: Request) -> Response:
        offer = self._world.store.offer()
        signed = {"mediaId": offer.object_key, "resourceUrl": offer.url, "headers": dict(offer.headers)}
        return JSONResponse({"headerSignatureUploadInfo": signed | {"expirationSeconds": 900}})

    async def commit_old(self, request: Request) -> Response:
        message = await _json(request) or {}
        if message.get("mediaId") not in self._world.store.objects or not message.get("fileName"):
            return _fault("paramError", "mediaId or fileName is missing or unknown")
        return JSONResponse({"fileId": _request_id(), "fileName": message["fileName"], "fileType": "FILE"})

    async def share(self, request: Request) -> Response:
        message = await _json(request) or {}
        dentry = self._world.dentries.get(str(message.get("dentryId")))
        if dentry is None or dentry["spaceId"] != str(message.get("spaceId")):
            return _fault("dentryNotExist", "there is no such file in this space")
        return JSONResponse({"file": dentry | {"conversationId": message.get("openConversationId")}})

    @staticmethod
    def _dentry(name: str, size: int, path: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
        now = time.strftime("%a %b %d %H:%M:%S CST %Y", time.gmtime())
        return {
            "id": str(10**10 + secrets.randbelow(10**10)),
            "uuid": secrets.token_hex(16),
            "spaceId": str(path.get("space", "90001")),
            "parentId": str(message.get("parentId", path.get("parent", "0"))),
            "type": "FILE",
            "name": name,
            "size": size,
            "path": f"/{name}",
            "version": 1,
            "status": "NORMAL",
            "extension": name.rpartition(".")[2],
            "creatorId": "lab-union-id",
            "modifierId": "lab-union-id",
            "createTime": now,
            "modifiedTime": now,
            "partitionType": "PUBLIC_OSS_PARTITION",
            "storageDriver": "DINGTALK",
        }


async def _chat_page(request: Request) -> Response:
    """Serve the chat; under /strict with a policy that lets in just what it needs, /meta has that in the page."""
    page = resources.files("cerco.lab").joinpath("chat.html").read_text(encoding="utf-8")
    inline = {tag: re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[0] for tag in ("script", "style")}
    hashes = {tag: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for tag, text in inline.items()}
    policy = (
        f"default-src 'none'; script-src 'sha256-{hashes['script']}'; style-src 'sha256-{hashes['style']}'; "
        "connect-src wss://webalfa.dingtalk.com https://oapi.dingtalk.com"
    )
    match request.path_params["path"]:
        case "strict":
            return HTMLResponse(page, headers={"Content-Security-Policy": policy})
        case "meta":
            meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            return HTMLResponse(page.replace("<meta charset", f"{meta}<meta charset", 1))
        case "frame":
            return HTMLResponse('<!doctype html><title>Frame</title><iframe src="/" width="600" height="400"></iframe>')
        case _:
            return HTMLResponse(page)


async def _other_site(_request: Request) -> Response:
    return HTMLResponse("<!doctype html><title>Example</title><p>This site has nothing to do with DingTalk.</p>")


async def _unknown(_request: Request) -> Response:
    return PlainTextResponse("no such host in the laboratory\n", 404)


def _fault(code: str, message: str) -> Response:
    return JSONResponse({"code": code, "requestid": _request_id(), "message": message}, 400)


def _request_id() -> str:
    return secrets.token_hex(16).upper()
