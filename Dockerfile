# One image for web, worker, beat and migrations; what differs is the command.
FROM python:3.11-slim-bookworm AS packages
COPY requirements-production.lock /
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /requirements-production.lock

FROM python:3.11-slim-bookworm
# Pango draws the PDF; fonts-liberation2, unlike this Debian's fonts-liberation, has every Vietnamese letter.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-liberation2 libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && fc-cache -f \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin app \
    && install -d -o app -g app /srv/media /srv/beat
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=hanoi_programmes.settings \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media \
    HOME=/tmp
WORKDIR /srv/app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY docker/healthcheck.py docker/
COPY static static
COPY templates templates
COPY hanoi_programmes hanoi_programmes
# Collecting asks no server; the settings only want to be told of one.
RUN python -m compileall -q hanoi_programmes \
    && SECRET_KEY=build DATABASE_URL=postgresql:///none REDIS_URL=redis://none \
        python manage.py collectstatic --no-input
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "docker/healthcheck.py"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", \
     "--workers-kill-timeout", "20", \
     "hanoi_programmes.wsgi:application"]
