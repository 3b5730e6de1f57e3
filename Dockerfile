# One image for web, worker and scheduler: docker-compose.yml says which of them a container is.
# A mirror of the registry: --build-arg PYTHON=mirror.example.nl/python:3.11-slim-bookworm
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /srv/duoplus
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY . .
# Without variables the settings are the embedded ones: they leave a secret and a broker in /build, which stays behind.
# The umask of whoever checked the sources out must not decide who reads them here.
RUN chmod -R a+rX . && DUOPLUS_VAR=/build python manage.py collectstatic --noinput

FROM ${PYTHON}
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 duoplus \
    && useradd --uid 10001 --gid duoplus --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin duoplus \
    && install -d -o duoplus -g duoplus -m 0750 \
        /var/lib/duoplus/media /var/lib/duoplus/backup
WORKDIR /srv/duoplus
COPY --from=build /venv /venv
COPY --from=build /srv/duoplus /srv/duoplus
COPY --from=build /build/static /var/lib/duoplus/static
# Nothing but the volumes and /tmp is written: Pango's cache of fonts goes there. OpenBLAS would take 40 MiB of what a
# worker process may use for each core of the machine.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DUOPLUS_VAR=/var/lib/duoplus XDG_CACHE_HOME=/tmp OPENBLAS_NUM_THREADS=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "duoplus/probe.py"]
CMD ["python", "-m", "gunicorn", "duoplus.wsgi:application", "--no-control-socket", "--preload", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "4", "--threads", "4", "--log-level", "warning", "--graceful-timeout", "30"]
