#!/bin/sh
# Install what the end-to-end tests need beyond Python: network namespaces and a packet filter.
set -eu
missing=""
command -v ip >/dev/null || missing="$missing iproute2"
command -v nft >/dev/null || [ -x /usr/sbin/nft ] || missing="$missing nftables"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "The transparent-gateway tests will be skipped: install$missing as root to run them." >&2
  exit 0
fi
echo "installing$missing"
apt-get update -qq >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
