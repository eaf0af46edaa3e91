#!/bin/sh
# Builds imports.sys. See build-image.sh.
set -eu
exec "$(dirname "$0")/../build-image.sh" imports 'ExInventedFunction ExInventedVariable MmUserProbeAddress'
