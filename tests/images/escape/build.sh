#!/bin/sh
# Builds escape.sys from escape.c. Needs clang and lld, no files of Microsoft's.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'LIBRARY WDFLDR.SYS\nEXPORTS\n WdfVersionBind\n WdfVersionUnbind\n' > "$work/wdfldr.def"
llvm-dlltool -m i386:x86-64 -d "$work/wdfldr.def" -l "$work/wdfldr.lib"
clang --target=x86_64-pc-windows-msvc -O1 -fshort-wchar -ffreestanding -mno-stack-arg-probe -Wall -Wextra \
    -c escape.c -o "$work/escape.obj"
lld-link /driver /subsystem:native /entry:FxDriverEntry /nodefaultlib /dynamicbase /Brepro \
    "/out:escape.sys" "$work/escape.obj" "$work/wdfldr.lib"
