#!/bin/sh
# Install what the tests need beyond Python: network namespaces, a packet filter, a browser and a font with Han characters.
set -eu
missing=""
command -v ip >/dev/null || missing="$missing iproute2"
command -v nft >/dev/null || [ -x /usr/sbin/nft ] || missing="$missing nftables"
command -v chromium >/dev/null || missing="$missing chromium"
# Any font will do; this one is small.
{ command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-tw family)" ]; } || missing="$missing fontconfig fonts-wqy-microhei"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests that need them will be skipped: install$missing as root to run them." >&2
  exit 0
fi
echo "installing$missing"
apt-get update -qq >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
