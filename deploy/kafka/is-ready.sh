#!/bin/bash
# Whether this container's broker answers, asked without starting a Java machine every five seconds: an ApiVersions request,
# version 0, correlation id 1, no client id (https://kafka.apache.org/protocol). A broker that listens but is not yet registered with
# its controller lets connections wait, so an answer means ready.
exec 3<>/dev/tcp/localhost/9092 || exit 1
printf '\x00\x00\x00\x0a\x00\x12\x00\x00\x00\x00\x00\x01\xff\xff' >&3
# The answer begins with its length, in four bytes.
[[ $(timeout 3 head -c 4 <&3 | wc -c) -eq 4 ]]
