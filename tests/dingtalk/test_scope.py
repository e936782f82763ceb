from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from cerco.dingtalk.outbound import Channel
from cerco.dingtalk.scope import Scope

SHIPPED = Scope.model_validate(yaml.safe_load((Path(__file__).parents[2] / "rules/dingtalk/scope.yaml").read_text()))


@pytest.mark.parametrize(
    ("host", "channel", "region"),
    [
        ("oapi.dingtalk.com", Channel.OAPI, "mainland"),
        ("OAPI.DingTalk.com.", Channel.OAPI, "mainland"),
        ("eco.taobao.com", Channel.OAPI, "mainland"),
        ("api.dingtalk.com", Channel.API, "mainland"),
        ("api.dingtalk.io", Channel.API, "international"),
        ("zjk.trans.dingtalk.com", Channel.OSS, "mainland"),
        ("sh-dualstack.trans.dingtalk.com", Channel.OSS, "mainland"),
        ("cdn-sz-trans.dingtalk.com", Channel.OSS, "mainland"),
        ("lippi-space-zjk.oss-cn-zhangjiakou.aliyuncs.com", Channel.OSS, "mainland"),
        ("lippi-space-sg.oss-ap-southeast-1.aliyuncs.com", Channel.OSS, "singapore"),
        ("alidocs.oss-accelerate.aliyuncs.com", Channel.OSS, "mainland"),
        ("webalfa-cm3.dingtalk.com", Channel.LWP, "mainland"),
        ("wss-open-connection-union.dingtalk.com", Channel.STREAM, "mainland"),
        ("pre-wss-open-connection.dingtalk.com", Channel.STREAM, "mainland"),
        ("mcp-gw.dingtalk.io", Channel.MCP, "international"),
        ("pre-mcp-gw.dingtalk.com", Channel.MCP, "mainland"),
        ("im.dingtalk.com", Channel.OTHER, "mainland"),
        ("dingtalk.com", Channel.OTHER, "mainland"),
        ("realapp.xin", Channel.OTHER, "unknown"),
    ],
)
def test_a_dingtalk_host_is_covered(host: str, channel: Channel, region: str) -> None:
    assert SHIPPED.covers(host)
    assert SHIPPED.channel(host) is channel
    assert SHIPPED.region(host) == region


@pytest.mark.parametrize(
    "host",
    [
        "notdingtalk.com",
        "dingtalk.com.example.mo",
        "oapi.dingtalk.community",
        "taobao.com",
        "www.taobao.com",
        "oss-cn-zhangjiakou.aliyuncs.com",
        "somebody.oss-cn-zhangjiakou.aliyuncs.com",
        "lippi-space-zjk.oss-cn-zhangjiakou.aliyuncs.com.example.mo",
        "192.0.2.7",
        "",
        ".",
        "dingtalk.com\n",
    ],
)
def test_any_other_host_is_left_alone(host: str) -> None:
    assert not SHIPPED.covers(host)


def test_every_name_to_resolve_is_covered_and_lives_in_a_known_region() -> None:
    assert all(SHIPPED.covers(name) for name in SHIPPED.names)
    assert {SHIPPED.region(name) for name in SHIPPED.names} == {"mainland", "international"}


def test_every_object_store_is_covered() -> None:
    assert all(SHIPPED.covers(pattern.replace("*", "x.y")) for pattern in SHIPPED.object_stores)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("suffixes", ["https://dingtalk.com"]),
        ("suffixes", ["DingTalk.com"]),
        ("suffixes", ["*.dingtalk.com"]),
        ("suffixes", ["dingtalk.com:443"]),
        ("suffixes", ["com"]),
        ("hosts", ["*.*"]),
        ("hosts", ["*"]),
        ("hosts", ["eco.taobao.com/router"]),
        ("channels", {"smtp": ["mail.dingtalk.com"]}),
        ("regions", {"mars": ["dingtalk.com"]}),
        ("sufixes", ["dingtalk.com"]),
    ],
)
def test_a_slip_in_the_file_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Scope.model_validate({"suffixes": ["dingtalk.com"], field: value})


def test_a_scope_without_suffixes_covers_its_hosts_only() -> None:
    scope = Scope.model_validate({"suffixes": [], "hosts": ["files.example.mo"]})
    assert scope.covers("files.example.mo")
    assert not scope.covers("example.mo")
