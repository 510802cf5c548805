#!/bin/sh
# Gives each source whose content changed since the last build the time of now, and all others an old one.
#
# cargo tells changed files by their times. Those that a COPY leaves say nothing: they are new for files that did not
# change, and old where the layer comes from the engine's cache. So the checksums of what was built last are kept
# beside what was built, in the cache mount `target`. While a build runs they are away: after one that broke off, and
# after files came or went, everything counts as changed.
set -eu
export LC_ALL=C

names=/tmp/names sources=/tmp/sources
if [ "${1-}" = built ]; then
    mv "$sources" "$names" target/
    exit
fi

find . -path ./target -prune -o ! -type d -printf '%p -> %l\0' | sort -z >"$names"
find . -path ./target -prune -o -xtype f -exec sha256sum -z {} + | sort -z >"$sources"
if cmp -s "$names" target/names; then
    find . -path ./target -prune -o -xtype f -exec touch --date=2000-01-01 {} +
    comm -z -13 target/sources "$sources" | cut -z -c67- | xargs -0 -r touch
else
    find . -path ./target -prune -o -xtype f -exec touch {} +
fi
rm -f target/names
