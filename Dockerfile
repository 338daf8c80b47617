# The image of web, worker, beat and the one-time preparation; which one it is, the command says.

FROM node:22-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund --ignore-scripts
COPY assets assets
RUN mkdir static && node assets/build.mjs

FROM python:3.11-slim-bookworm AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /tmp/base.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 QIANSHOU_MANIFEST=1
# The keyring and the files of clients belong to this user alone; its number is fixed for the volumes.
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin qianshou
WORKDIR /srv/qianshou
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=assets /build/static/vendor static/vendor
COPY --from=assets /build/static/icons.svg static/icons.svg
# collectstatic reads the settings, which read secrets: throw-away ones, gone before the layer is written.
RUN python -m config.stack.environment /tmp/build-secrets \
    && QIANSHOU_SECRETS=/tmp/build-secrets python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build-secrets \
    && chmod -R a+rX staticfiles \
    && install -d -o qianshou -g qianshou -m 0700 /srv/files /srv/state
USER qianshou
ENV QIANSHOU_SECRETS=/run/secrets QIANSHOU_DATA=/srv/files
ENTRYPOINT ["/srv/qianshou/deploy/entrypoint.sh"]
