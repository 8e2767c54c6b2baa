# The command in a container, with reports, watching and Parquet:
#
#   docker build --tag newsarchive .
#   docker run --rm --user "$(id -u)" --volume "$PWD:/archive" newsarchive check
FROM python:3.13-slim AS build
COPY pyproject.toml README.md LICENSE /project/
COPY src /project/src
RUN python -m venv /newsarchive \
    && /newsarchive/bin/pip install --no-cache-dir --no-compile "/project[parquet,report,watch]"

FROM python:3.13-slim
# git tells of renames and of changes; an archive that is mounted is another user's.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*' \
    && useradd --create-home --uid 1000 reader
COPY --from=build /newsarchive /newsarchive
ENV PATH=/newsarchive/bin:$PATH
USER 1000
WORKDIR /archive
ENTRYPOINT ["newsarchive"]
CMD ["check"]
