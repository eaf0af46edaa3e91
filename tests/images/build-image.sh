#!/bin/sh
# build-image.sh NAME 'NT IMPORTS' [OPTIONS OF lld-link]: builds NAME/NAME.sys from NAME/NAME.c.
# Needs clang and lld, no files of Microsoft's.
set -eu
name=$1 imports=$2
shift 2
cd "$(dirname "$0")/$name"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{ printf 'LIBRARY ntoskrnl.exe\nEXPORTS\n'; for import in $imports; do printf ' %s\n' "$import"; done; } > "$work/nt.def"
printf 'LIBRARY WDFLDR.SYS\nEXPORTS\n WdfVersionBind\n WdfVersionUnbind\n' > "$work/wdfldr.def"
for library in nt wdfldr; do
    llvm-dlltool -m i386:x86-64 -d "$work/$library.def" -l "$work/$library.lib"
done
cp ../driver.h "$work"; mkdir "$work/src"; cp "$name.c" "$work/src"
# The paths in the debug information are those of a directory that nobody has.
(cd "$work" && clang --target=x86_64-pc-windows-msvc -O1 -g -gcodeview -fshort-wchar -ffreestanding -fms-extensions \
    -fasynchronous-unwind-tables -mno-stack-arg-probe -fno-builtin -fdebug-compilation-dir=. -ffile-prefix-map="$work"=. -Wall -Wextra -Wno-unused-function \
    -Wno-tentative-definition-incomplete-type -c "src/$name.c" -o "$name.obj")
(cd "$work" && lld-link /driver /subsystem:native /entry:FxDriverEntry /nodefaultlib /dynamicbase /Brepro "$@" \
    "/out:$name.sys" "$name.obj" nt.lib wdfldr.lib)
cp "$work/$name.sys" .
if [ -f "$work/$name.pdb" ]; then cp "$work/$name.pdb" .; fi
