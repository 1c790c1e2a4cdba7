# All roles of Millrace in one image: setup, emitter, broker, and the commands (topics, groups, sql, audit ...).
#   docker build -t millrace . && docker run --rm millrace topics --kafka HOST:PORT
# The role clickhouse needs the engine, 566 MB that the stand of docker-compose.yml has no use for: mount what ./millrace up fetched,
#   -v ~/.cache/millrace/libchdb/VERSION/libchdb.so:/opt/libchdb/libchdb.so:ro
# Where NuGet is a mirror, put your NuGet.Config beside this file: the build takes it, and it stays out of the final image. HTTP_PROXY and
# its like are passed with --build-arg. Needs no BuildKit.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /source
# Only what restore reads: the layer with the packages lives until one of these changes. The bracket makes NuGet.Config optional.
COPY *.props global.json BannedSymbols.txt [Nn]u[Gg]et.[Cc]onfi[g] ./
COPY src/Millrace.Bench/*.csproj src/Millrace.Bench/
COPY src/Millrace.Cli/*.csproj src/Millrace.Cli/
COPY src/Millrace.ClickHouse/*.csproj src/Millrace.ClickHouse/
COPY src/Millrace.HttpAccess/*.csproj src/Millrace.HttpAccess/
COPY src/Millrace.Kafka.Broker/*.csproj src/Millrace.Kafka.Broker/
COPY src/Millrace.Kafka.Protocol/*.csproj src/Millrace.Kafka.Protocol/
COPY src/Millrace.Listening/*.csproj src/Millrace.Listening/
COPY src/Millrace.Meters/*.csproj src/Millrace.Meters/
COPY src/Millrace.Page/*.csproj src/Millrace.Page/
COPY src/Millrace.Secrets/*.csproj src/Millrace.Secrets/
COPY src/Millrace.Streams/*.csproj src/Millrace.Streams/
RUN dotnet restore src/Millrace.Cli
COPY .editorconfig ./
COPY src src
COPY streams/stream.schema.json streams/
RUN dotnet publish src/Millrace.Cli -c Release --no-restore -o /app/bin

FROM ${RUNTIME_IMAGE}
RUN install -d -o 1654 -g 1654 /data
COPY --from=build /app/bin /app/bin
COPY streams /app/streams
# What MILLRACE_HOME is to the launcher: the folder of streams/.
ENV MILLRACE_HOME=/app MILLRACE_DATA=/data MILLRACE_LIBCHDB=/opt/libchdb/libchdb.so PATH=/app/bin:$PATH
# The user of Microsoft's images, by number: other base images have no name for it.
USER 1654:1654
ENTRYPOINT ["millrace"]
CMD ["--help"]
