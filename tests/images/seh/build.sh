#!/bin/sh
# Builds seh.sys. See build-image.sh.
set -eu
exec "$(dirname "$0")/../build-image.sh" seh 'ExRaiseStatus ProbeForRead ProbeForWrite memcpy __C_specific_handler'
