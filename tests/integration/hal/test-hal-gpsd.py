#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real gpsd, fed by gpsfake, through hal-bridge and the bus to the client library (`cirrus hal watch`): the positions are
those that gpsd's own regression test has for the log."""
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile

BUILD = os.environ["CIRRUS_BUILD_ROOT"]
CIRRUS = os.path.join(BUILD, "apps/cli/cirrus")
BRIDGE = os.path.join(BUILD, "hal-bridge/hal-bridge")
LOG = os.path.join(os.environ["CIRRUS_SOURCE_ROOT"], "tests/data/gps/bu353-glonass.log")
FIXES = 12


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_gpsd(port):
    """gpsfake repeats the log, a sentence every 50 ms, over a UDP socket to its gpsd.  Nobody waits for it: the bridge tries again."""
    return subprocess.Popen(["gpsfake", "-q", "-n", "-u", "-c", "0.05", "-P", str(port), LOG], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, start_new_session=True)


def stop(process):
    try:
        os.killpg(process.pid, signal.SIGTERM)
    except ProcessLookupError:
        pass
    process.wait()


def time_of_day(text):
    return text.rstrip("Z").split("T")[1][:8]


def expected_positions():
    fixes = {}
    with open(LOG + ".chk", "rb") as file:
        for line in file:
            if line.startswith(b'{"class":"TPV"'):
                report = json.loads(line)
                if report.get("mode", 0) >= 2 and "time" in report:
                    fixes.setdefault(time_of_day(report["time"]), []).append((report["lat"], report["lon"]))
    return fixes


def session(folder, port, commands):
    """Runs the commands one after another on a private bus that starts our bridge; gives their results."""
    services = os.path.join(folder, "share/dbus-1/services")
    os.makedirs(services, exist_ok=True)
    with open(os.path.join(services, "org.cirrussuite.HalBridge.service"), "w", encoding="utf-8") as file:
        file.write(f"[D-BUS Service]\nName=org.cirrussuite.HalBridge\n"
                   f"Exec={BRIDGE} --source gpsd --gpsd 127.0.0.1:{port} --idle-timeout 1\n")
    env = dict(os.environ, XDG_DATA_DIRS=os.path.join(folder, "share") + ":/usr/local/share:/usr/share",
               CIRRUS_PROFILE=os.path.join(folder, "profile"), XDG_RUNTIME_DIR=folder)
    script = "\n".join(commands)
    return subprocess.run(["dbus-run-session", "--", "sh", "-ec", script], env=env, capture_output=True, text=True, timeout=90)


def main():
    expected = expected_positions()
    port = free_port()
    gpsd = start_gpsd(port)
    try:
        with tempfile.TemporaryDirectory() as folder:
            run = session(folder, port, [f"'{CIRRUS}' hal watch --interval 0 --count {FIXES}", f"'{CIRRUS}' hal status"])
    finally:
        stop(gpsd)
    lines = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    fixes = [line for line in lines if "lat" in line]
    status = lines[-1] if lines and "sources" in lines[-1] else None
    wrong = [fix for fix in fixes
             if not any(abs(fix["lat"] - lat) <= 1e-6 and abs(fix["lon"] - lon) <= 1e-6
                        for lat, lon in expected.get(time_of_day(fix["time"]), []))]
    dated = [fix for fix in wrong if time_of_day(fix["time"]) in expected]
    positions = {position for group in expected.values() for position in group}
    # The very first report of a gpsd may come before it knows the date and then bears the present time.
    stray = [fix for fix in wrong if (fix["lat"], fix["lon"]) not in positions]
    times = {time_of_day(fix["time"]) for fix in fixes} & set(expected)
    checks = [
        (len(fixes) == FIXES, f"{FIXES} fixes arrive over the bus ({len(fixes)})"),
        (not dated and not stray and len(wrong) <= 2, f"their positions are gpsd's ({len(wrong)} early, {dated + stray})"),
        (len(times) >= 5, f"at {len(times)} different instants of the log"),
        (bool(fixes) and all(fix["source"] == "gpsd" for fix in fixes), "they say that gpsd gave them"),
        (any((fix["satellites_used"] or 0) >= 4 for fix in fixes), "with satellites in use"),
        (status is not None and status["sources"][0]["name"] == "gpsd" and status["sources"][0]["state"] == "idle"
         and status["clients"] == [] and status["state"] == "off", "and with no client left gpsd is let go"),
    ]
    print(f"1..{len(checks)}")
    for number, (good, name) in enumerate(checks, 1):
        print("ok" if good else "not ok", number, "-", name)
    if not all(good for good, _ in checks):
        print("#", run.stdout[:2000].replace("\n", "\n# "), run.stderr[-2000:].replace("\n", "\n# "))
        return 1
    return 0


sys.exit(main())
