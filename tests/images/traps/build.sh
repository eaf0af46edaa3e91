#!/bin/sh
# Builds traps.sys. See build-image.sh.
set -eu
exec "$(dirname "$0")/../build-image.sh" traps ''
