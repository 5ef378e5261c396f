#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# routes.sh FILE.osm.pbf...: imports each file and measures routes in it; Routino too where it is installed (planetsplitter, routino-router).
# The build's programs are used (CIRRUS_BUILD_ROOT, or build/).
set -eu
here=$(dirname "$(readlink -f "$0")")
build=${CIRRUS_BUILD_ROOT:-$here/../../../build}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

for file in "$@"; do
  echo "== $(basename "$file") $(stat -c %s "$file") bytes"
  /usr/bin/time -f 'import_s %e\nimport_peak_kb %M' "$build/apps/cli/cirrus" navi import "$file" "$work/bench.region" >/dev/null
  echo "region_bytes $(stat -c %s "$work/bench.region")"
  "$build/tests/bench/navi/bench-routes" "$work/bench.region" 1000
  command -v planetsplitter >/dev/null || continue
  /usr/bin/time -f 'routino_import_s %e\nroutino_import_peak_kb %M' planetsplitter --dir="$work" --prefix=r --tagging=/usr/share/routino/tagging.xml "$file" >/dev/null
  echo "routino_bytes $(cat "$work"/r-*.mem | wc -c)"
done
