# The three release images and that of the accessory telegram: --target api, bot, frontend or telegram, with samples/recyclic as the
# context and stage.proj run before. Everything below the last COPY is one chain that all share, byte for byte; a code change makes
# one small layer.
FROM debian:bookworm-slim AS runtime
RUN apt-get update \
 && apt-get install -y --no-install-recommends libssl3 libstdc++6 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin recyclic
COPY --chmod=755 stage/runtime/ /app/
COPY --chmod=755 images/probe /usr/local/bin/probe
# No diagnostics socket, so nothing to write but /tmp.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /app
USER 10001

FROM runtime AS api
COPY --chmod=755 stage/api/ /app/
EXPOSE 8000
ENTRYPOINT ["/app/api"]
# Last, and configuration only: another version of the same code has the same layers.
ARG VERSION=dev
ENV RECYCLIC_VERSION=$VERSION

FROM runtime AS bot
COPY --chmod=755 stage/bot/ /app/
ENTRYPOINT ["/app/bot"]
ARG VERSION=dev
ENV RECYCLIC_VERSION=$VERSION

FROM runtime AS frontend
COPY --chmod=755 stage/frontend/ /app/
EXPOSE 4444
ENTRYPOINT ["/app/frontend"]
ARG VERSION=dev
ENV RECYCLIC_VERSION=$VERSION

FROM runtime AS telegram
COPY --chmod=755 stage/telegram/ /app/
EXPOSE 8081
ENTRYPOINT ["/app/telegram"]
