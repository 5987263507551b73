"""The program that opens the web door."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
import uvicorn

from facewitness import Service
from facewitness.errors import BadInput
from facewitness.web import serving
from facewitness.web.serving import listening


def test_the_printed_link_opens_the_bank_until_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "facewitness", "serve", "--port", "0", "--bank", str(tmp_path / "bank")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        said = ""
        while "?token=" not in said:
            line = served.stdout.readline()
            assert line, served.communicate()
            said += line
        (link,) = re.findall(r"http://127\.0\.0\.1:\d+/\?token=\S+", said)
        with httpx2.Client(follow_redirects=True) as browser:
            page = browser.get(link)
            assert page.status_code == 200
            assert "token" not in str(page.url)
            assert "server" not in page.headers
            missing = {"probes": [], "purpose": ""}
            assert browser.post(page.url.join("/api/v1/searches"), json=missing).status_code == 403
        served.send_signal(signal.SIGINT)
        _, complaints = served.communicate(timeout=20)
    assert served.returncode == 0
    assert complaints == ""


def test_only_this_machine_is_listened_to() -> None:
    with listening(0) as sock:
        assert sock.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_said_so() -> None:
    with listening(0) as sock:
        sock.listen()
        with pytest.raises(BadInput, match="cannot be opened"):
            listening(sock.getsockname()[1])


def test_acts_through_the_web_door_are_entered_as_such(
    service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_, **__: None)
    serving.serve(service, 0)
    assert service.actor.door == "web"
    assert "?token=" in capsys.readouterr().out


def test_whoever_follows_the_link_before_the_server_is_up_waits_for_it() -> None:
    with listening(0) as sock, socket.create_connection(sock.getsockname(), timeout=5) as early:
        assert early.getpeername() == sock.getsockname()
