"""A Dask cluster as an executor. Imported where one is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from newsarchive.errors import ExecutorError, MissingPackageError

_SECONDS_TO_WAIT = 10.0


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The executor of a cluster that runs already.

    The address is that of its scheduler (``tcp://10.0.0.7:8786``), or the file that it wrote.

    Raises:
        MissingPackageError: Dask is not installed (``newsarchive[dask]``).
        ExecutorError: there is no cluster, or it has no workers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise MissingPackageError("distributed", "dask") from None
    new_client: Any = Client  # its types are those of other versions
    is_file = address.endswith(".json")
    if is_file and not os.path.isfile(address):  # Dask would wait for it
        raise ExecutorError(f"no Dask cluster answers at {address}: there is no such file")
    where = {"scheduler_file" if is_file else "address": address}
    try:
        client = new_client(**where, timeout=_SECONDS_TO_WAIT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ExecutorError(f"no Dask cluster answers at {address}: {error}") from None
    try:
        client.wait_for_workers(1, timeout=_SECONDS_TO_WAIT)
        yield client.get_executor()
    except TimeoutError:
        raise ExecutorError(f"the Dask cluster at {address} has no workers") from None
    finally:
        client.close()


def alone(executor: Any) -> dict[str, bool]:
    """What `submit` needs beside a task, so that a cluster does each task that it gets.

    Else it looks at every byte to find tasks that it did before, though files may have changed.
    """
    return {} if _client_of(executor) is None else {"pure": False}


def spread(executor: Any, common: bytes) -> Any:
    """Send bytes to all workers of a cluster once; tasks get them in place of what is returned.

    Raises:
        ExecutorError: the cluster is lost.
    """
    return _told(
        executor, lambda client: client.scatter(common, broadcast=True, hash=False), common
    )


def threads(executor: Any) -> int:
    """How many threads the workers of a cluster have; 0 where it is no cluster.

    Raises:
        ExecutorError: the cluster is lost.
    """
    return int(_told(executor, lambda client: sum(client.nthreads().values()), 0))


def is_deserted(executor: Any) -> bool:
    """Whether an executor is that of a cluster that has no workers: a task would wait for ever.

    A client that lost its scheduler a moment ago answers, and names none.
    """
    try:
        return not _told(executor, lambda client: client.scheduler_info().get("workers"), True)
    except ExecutorError:
        return True  # nor a scheduler


def _client_of(executor: Any) -> Any:
    return getattr(executor, "_client", None) if "distributed" in sys.modules else None


def _told(executor: Any, ask: Callable[[Any], Any], otherwise: Any) -> Any:
    """What a cluster answers; something else where an executor is none's."""
    client = _client_of(executor)
    try:
        return otherwise if client is None else ask(client)
    except (OSError, TimeoutError) as error:
        lost = f"the executor is lost ({type(error).__name__}: {error})"
        raise ExecutorError(lost) from error
