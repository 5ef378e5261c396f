# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by ./run and ./test, which may work on one build at the same time: whoever builds and installs has it alone, whoever runs tests or
# the tour shares it, and nobody reinstalls programs under those.  The kernel ends a lock with its holder.

say () { printf '%s\n' "$*" >&2; }

# lock_build FOLDER exclusive|shared: holds file descriptor 9 until `exec 9>&-`; a lock that was held before is given up first.
lock_build ()
{
  mkdir -p "$1" || exit 1
  exec 9>"$1/.lock"
  flock --nonblock "--$2" 9 && return
  say "Waiting for another ./run or ./test that is at work in ${1##*/} (Ctrl+C gives up)"
  flock "--$2" 9
}

# A build is as new as the moment it began: what was edited meanwhile is built the next time.
begin_build () { touch "$1/.begun"; }
end_build () { mv "$1/.begun" "$1/.ready"; }
