"""What the zygote says when it ends, and what it refuses to fork."""

import os
import socket
import sys
import threading

import pytest

from cerco.runtime import scanner_process, zygote
from cerco.runtime.terms import Terms


def terms(gate: int) -> Terms:
    return Terms(rules=[], key="00" * 32, limits={}, memory=1 << 28, gate=gate, names=False)


def test_a_fault_is_named_and_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    zygote._name_fault(ValueError, ValueError("5123456(7)"), None)
    assert capsys.readouterr().err == "scanner ended by ValueError\n"


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> tuple[socket.socket, str]:
    """A zygote that stays in this process: nothing is given up here, and nothing loaded."""
    ours, theirs = socket.socketpair()

    class Loaded:
        terms = terms(os.getppid())

    monkeypatch.setattr(zygote, "disconnect", lambda: ())
    monkeypatch.setattr(zygote, "isolate", lambda: ())
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(scanner_process, "load", lambda _: Loaded())
    return ours, str(theirs.detach())


def test_a_second_thread_is_refused(loaded: tuple[socket.socket, str]) -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        with loaded[0], pytest.raises(zygote.ThreadsError):
            zygote.main([loaded[1]])
    finally:
        end.set()
        thread.join()


def test_a_gate_that_is_not_its_parent_is_not_served(
    loaded: tuple[socket.socket, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Loaded:
        terms = terms(1 << 30)

    monkeypatch.setattr(scanner_process, "load", lambda _: Loaded())
    with loaded[0] as ours:
        assert zygote.main([loaded[1]]) == 0
        assert ours.recv(1) == b""
