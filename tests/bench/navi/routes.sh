#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# routes.sh FILE.osm.pbf...: imports each file and measures routes in it; Routino too where it is installed (Debian: routino).
# The build's programs are used (CIRRUS_BUILD_ROOT, or build/).
set -eu
here=$(dirname "$(readlink -f "$0")")
build=${CIRRUS_BUILD_ROOT:-$here/../../../build}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT


# The same pairs by Routino, each in a process of its own: it has no other way.
routino_routes ()
{
  head -n 100 "$work/pairs" | while read -r a b c d; do
    start=$(date +%s%N)
    (cd "$work" && routino-router --dir=. --prefix=r --transport=motorcar --quickest --profiles=/usr/share/routino/profiles.xml \
      --translations=/usr/share/routino/translations.xml --output-text --loggable --lon1="$a" --lat1="$b" --lon2="$c" --lat2="$d" >/dev/null 2>&1) || continue
    echo $(( ($(date +%s%N) - start) / 1000 ))
  done | sort -n | awk '{t[NR]=$1} END{if (NR) printf "routino_routes %d\nroutino_route_p50_ms %.1f\nroutino_route_p99_ms %.1f\n", NR, t[int((NR+1)/2)]/1000, t[int(NR*.99)+(NR<100)]/1000}'
}

for file in "$@"; do
  echo "== $(basename "$file") $(stat -c %s "$file") bytes"
  /usr/bin/time -f 'import_s %e\nimport_peak_kb %M' "$build/apps/cli/cirrus" navi import "$file" "$work/bench.region" >/dev/null
  echo "region_bytes $(stat -c %s "$work/bench.region")"
  "$build/tests/bench/navi/bench-routes" "$work/bench.region" 1000 "$work/pairs"
  command -v planetsplitter >/dev/null || continue
  /usr/bin/time -f 'routino_import_s %e\nroutino_import_peak_kb %M' planetsplitter --dir="$work" --prefix=r --tagging=/usr/share/routino/tagging.xml "$file" >/dev/null
  echo "routino_bytes $(cat "$work"/r-*.mem | wc -c)"
  routino_routes
done
