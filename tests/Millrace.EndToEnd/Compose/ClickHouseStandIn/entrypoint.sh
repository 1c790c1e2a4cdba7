#!/bin/bash
# As the real image's: a user without a password stays without access from the network.
[[ -n ${CLICKHOUSE_PASSWORD:-} ]] || { echo "neither CLICKHOUSE_USER nor CLICKHOUSE_PASSWORD is set, disabling network access for user 'default'" >&2; exit 1; }
[[ $CLICKHOUSE_USER == default ]] || { echo "the host that stands in for ClickHouse server has one user, default" >&2; exit 1; }
export MILLRACE_CLICKHOUSE_PASSWORD=$CLICKHOUSE_PASSWORD MILLRACE_DATA=/var/lib/clickhouse
# The one port that the kernel lets it connect to: KAFKA_BOOTSTRAP of docker-compose.yml.
exec millrace run clickhouse --listen 0.0.0.0 --kafka-port 19092
