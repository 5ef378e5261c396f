#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`cirrus hal decode --nmea` against what gpsd reports for the same receiver logs.

At each instant at which gpsd gives a position, ours is within 1e-6 degrees of it; and every position of ours is one that the
log holds at that time of day.  Days are not compared: gpsd 3.22 moves those before 2019 by a week rollover.
"""
import glob
import json
import os
import re
import subprocess
import sys

CIRRUS = os.path.join(os.environ["CIRRUS_BUILD_ROOT"], "apps/cli/cirrus")
TOLERANCE_DEG = 1e-6


def log_folder():
    large = os.environ.get("CIRRUS_TEST_DATA")
    if large and os.path.isdir(os.path.join(large, "gps")):
        return os.path.join(large, "gps")
    return os.path.join(os.environ["CIRRUS_SOURCE_ROOT"], "tests/data/gps")


def time_of_day(text):
    """Milliseconds since midnight of "...THH:MM:SS[.mmm]Z"."""
    hours, minutes, seconds = text.rstrip("Z").split("T")[1].split(":")
    return (int(hours) * 60 + int(minutes)) * 60000 + round(float(seconds) * 1000)


def gpsd_fixes(path):
    """Time of day -> every position that gpsd reports for it."""
    fixes = {}
    with open(path, "rb") as file:
        for line in file:
            if line.startswith(b'{"class":"TPV"'):
                report = json.loads(line)
                if report.get("mode", 0) >= 2 and "lat" in report and "time" in report:
                    fixes.setdefault(time_of_day(report["time"]), []).append((report["lat"], report["lon"]))
    return fixes


def degrees(text, hemisphere):
    dot = text.index(".")
    value = int(text[: dot - 2]) + float(text[dot - 2:]) / 60
    return -value if hemisphere in "SW" else value


def log_positions(path):
    """Time of day -> every position that a sentence of the log bears, read by simple means."""
    pattern = re.compile(r"(\d{6}(?:\.\d*)?),(?:A,)?(\d+\.\d+),([NS]),(\d+\.\d+),([EW])|"
                         r"GLL,(\d+\.\d+),([NS]),(\d+\.\d+),([EW]),(\d{6}(?:\.\d*)?)")
    positions = {}
    with open(path, encoding="latin-1") as file:
        for match in pattern.finditer(file.read()):
            g = match.groups()
            time, lat, ns, lon, ew = g[:5] if g[0] else (g[9],) + g[5:9]
            key = time_of_day(f"T{time[:2]}:{time[2:4]}:{time[4:]}")
            positions.setdefault(key, []).append((degrees(lat, ns), degrees(lon, ew)))
    return positions


def near(position, candidates):
    return any(abs(position[0] - lat) <= TOLERANCE_DEG and abs(position[1] - lon) <= TOLERANCE_DEG for lat, lon in candidates)


def decode(path):
    result = subprocess.run([CIRRUS, "hal", "decode", "--nmea", path], capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in result.stdout.splitlines()]


def check(path):
    problems = []
    expected = gpsd_fixes(path + ".chk")
    held = log_positions(path)
    found = {}
    for fix in decode(path):
        if set(fix) != {"time", "lat", "lon", "alt_m", "speed_mps", "track_deg", "mode"} or fix["mode"] not in (2, 3):
            problems.append(f"not the contract: {fix}")
        key = time_of_day(fix["time"])
        position = (fix["lat"], fix["lon"])
        found.setdefault(key, []).append(position)
        if not near(position, expected[key] if key in expected else held.get(key, [])):
            problems.append(f"wrong position: {fix}")
    if found and not expected:
        problems.append(f"gpsd ends no instant of this log with a fix, we have {len(found)}")
    for key, positions in expected.items():
        if not any(near(position, found.get(key, [])) for position in positions):
            problems.append(f"no position at {key / 1000} s of the day, gpsd has {positions[0]}")
    return len(expected), problems


def main():
    logs = sorted(glob.glob(os.path.join(log_folder(), "*.log")))
    total = 0
    failed = False
    print(f"1..{len(logs) + 2}")
    for number, path in enumerate(logs, 1):
        instants, problems = check(path)
        total += instants
        for problem in problems[:10]:
            print("#", problem)
        failed = failed or bool(problems)
        print("not ok" if problems else "ok", number, f"- {os.path.basename(path)}: {instants} instants as gpsd has them")
    good = total > 20
    print("ok" if good else "not ok", len(logs) + 1, f"- {total} instants compared in all")
    missing = subprocess.run([CIRRUS, "hal", "decode", "--nmea", "/nonexistent"], capture_output=True)
    usage = subprocess.run([CIRRUS, "hal", "decode"], capture_output=True)
    codes = (missing.returncode, usage.returncode) == (1, 64) and missing.stderr and not missing.stdout
    print("ok" if codes else "not ok", len(logs) + 2, "- exit codes of the contract")
    return 1 if failed or not good or not codes else 0


sys.exit(main())
