# Two stages: the first fetches fonts and collects static files, the second is what runs.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt requirements-assets.txt requirements-node.txt package.json package-lock.json ./
COPY scripts/ scripts/
RUN python scripts/bootstrap.py assets
COPY . .
RUN DATA_DIR=/tmp/build STATIC_ROOT=/app/collected .venv/bin/python manage.py collectstatic --no-input --verbosity 0

FROM python:3.11-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 STATIC_ROOT=/app/collected
RUN useradd --system --uid 10001 --home-dir /data --create-home portal
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt && python -m compileall -q /usr/local/lib/python3.11/site-packages
COPY --from=build /app/collected collected/
COPY . .
COPY --from=build /app/static/build static/build/
USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "ntm_portal.wsgi:application"]
