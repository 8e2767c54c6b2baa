"""``--dask`` and ``--fallback``: reading pages on a cluster, for some commands."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from newsarchive.cli._console import click, echo
from newsarchive.cli._flags import Flags
from newsarchive.errors import ExecutorError, MissingPackageError
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.printable import printable

if TYPE_CHECKING:
    from concurrent.futures import Executor

Result = TypeVar("Result")


class Cluster(NamedTuple):
    """Which cluster reads pages, if any."""

    # where its scheduler listens, or the file that this wrote; None for this machine
    address: str | None = None
    fallback: bool = False  # whether this machine reads them where the cluster cannot be had
    executor: Executor | None = None  # the cluster, where it answered

    def connected(self) -> Cluster:
        """The cluster with its executor, which is left when the command ends.

        Raises:
            click.ClickException: there is none, and this machine is not to do its work.
        """
        if self.address is None:
            return self
        import logging

        from newsarchive.runs.dask import cluster

        try:
            executor = click.get_current_context().with_resource(cluster(self.address))
        except MissingPackageError as error:
            raise click.ClickException(f"--dask: {error}") from None
        except ExecutorError as error:
            self._give_up(error)
            return self
        for name in ("distributed", "distributed.client"):  # what is to be told, we tell
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        return self._replace(executor=executor)

    def call(self, function: Callable[[Executor | None], Result]) -> Result:
        """What a function makes with the cluster; or without, where that is lost.

        Raises:
            click.ClickException: it is lost, and this machine is not to do its work.
        """
        try:
            return function(self.executor)
        except ExecutorError as error:
            self._give_up(error)
        return function(None)

    def flags(self, flags: Flags) -> Flags:
        """The same flags; but nothing is kept for later where a cluster reads, unless asked for."""
        if self.address is None or "cache" in flags.values:
            return flags
        return flags._replace(values={**flags.values, "cache": False})

    def _give_up(self, error: ExecutorError) -> None:
        if not self.fallback:
            raise click.ClickException(printable(f"--dask {self.address}: {error}")) from None
        told = f"--dask {self.address}: {error}; this machine does it"
        echo(printable(told), err=True)


HERE = Cluster()
"""No cluster: this machine reads."""


def cluster_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--dask`` and ``--fallback``; it gets them as `cluster`."""

    @click.option(
        "--dask",
        metavar="ADDRESS",
        help="Read the pages on a Dask cluster, in place of --jobs: the address of its scheduler "
        "(tcp://10.0.0.7:8786), or the file that it wrote (scheduler.json). Needs "
        "newsarchive[dask], here and there. No cache is kept, unless --cache is given.",
    )
    @click.option(
        "--fallback",
        is_flag=True,
        help="Where the cluster cannot be reached or is lost, go on with this machine alone.",
    )
    @functools.wraps(command)
    def with_cluster(*, dask: str | None, fallback: bool, **given: Any) -> Any:
        if fallback and dask is None:
            raise click.UsageError("--fallback takes effect with --dask only")
        return command(cluster=Cluster(dask, fallback), **given)

    return with_cluster
