#!/bin/sh
# Builds faults.sys. See build-image.sh.
set -eu
exec "$(dirname "$0")/../build-image.sh" faults 'ExAllocatePoolWithTag ExFreePoolWithTag KfRaiseIrql KeLowerIrql' /debug /section:INIT,ERD /pdbaltpath:faults.pdb
