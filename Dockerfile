# Two stages: the first installs and collects, the second carries only what runs, as a user without power.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY . .
# PORTAL_MODE=local only here: collecting files needs no secret and no server.
RUN PORTAL_MODE=local EMBEDDED=no VAR_DIR=/tmp/build STATIC_ROOT=/app/staticfiles \
    sh -c "/venv/bin/python manage.py compile_translations && /venv/bin/python manage.py collectstatic --noinput"

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_MODE=production \
    STATIC_ROOT=/app/staticfiles \
    VAR_DIR=/data \
    LISTEN=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER portal
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["python", "-m", "portal.probe", "/healthz/"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "--respawn-failed-workers", "--no-ws", "portal.wsgi:application"]
