"""Storages for tests: real servers on this machine, each started once, and files put there."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from newsarchive.store.remote import RemoteStore

SECRET = "tests-only-secret"
_numbers = count(1)


@cache
def s3() -> dict[str, Any]:
    """A server that speaks S3: the options that open buckets there."""
    pytest.importorskip("obstore", reason="needs obstore")
    server = pytest.importorskip("moto.server", reason="needs moto[server]")
    import logging

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    return {
        "endpoint": f"http://{host}:{port}",
        "region": "us-east-1",
        "access_key_id": "tests",
        "secret_access_key": SECRET,
        "client_options": {"allow_http": True},
        "retry_config": {"max_retries": 1},
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


def in_zip(file: Path, files: Mapping[str, bytes], below: str = "") -> RemoteStore:
    """A zip file, or a folder in one."""
    pytest.importorskip("fsspec", reason="needs fsspec")
    with zipfile.ZipFile(file, "w") as packed:
        for path, data in files.items():
            packed.writestr(f"{below}{path}".lstrip("/"), data)
    return RemoteStore(f"zip://{file}/{below}")


def in_memory(files: Mapping[str, bytes]) -> RemoteStore:
    """obstore's own memory."""
    obstore = pytest.importorskip("obstore", reason="needs obstore")
    client = pytest.importorskip("obstore.store").MemoryStore()
    for path, data in files.items():
        obstore.put(client, path, data)
    return RemoteStore("memory://", client=client)
