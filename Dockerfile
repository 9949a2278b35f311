# The hub alone, with all small extras that a hub can use; docker-compose.yml adds Valkey and PostgreSQL. Without their URLs the embedded ones are used, with
# their data in the volume.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE schema.sql ./
COPY hub hub
COPY clients clients
RUN pip wheel --no-cache-dir --wheel-dir /wheels '.[fit,gtfs,mqtt,nats,notify,otel,socketio]'

FROM python:3.13-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels 'location-hub[fit,gtfs,mqtt,nats,notify,otel,socketio]' \
    && useradd --system --uid 10001 --no-create-home hub \
    && install -d -o hub -g hub -m 0700 /var/lib/hub
# PostgreSQL refuses root, and user namespaces are usually closed in containers.
USER hub
# Reachable from outside the container, so the hub insists on HUB_JWT_SECRET.
ENV HUB_HOST=0.0.0.0 \
    HUB_DATA_DIR=/var/lib/hub \
    HUB_LOG_FORMAT=json
VOLUME /var/lib/hub
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/livez', timeout=2)"]
ENTRYPOINT ["hub"]
CMD ["serve"]
