#!/bin/sh
# Builds echo.sys from echo.c. Needs clang and lld, no files of Microsoft's.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'LIBRARY ntoskrnl.exe\nEXPORTS\n DbgPrint\n KeBugCheckEx\n' > "$work/nt.def"
printf 'LIBRARY WDFLDR.SYS\nEXPORTS\n WdfVersionBind\n WdfVersionUnbind\n' > "$work/wdfldr.def"
for library in nt wdfldr; do
    llvm-dlltool -m i386:x86-64 -d "$work/$library.def" -l "$work/$library.lib"
done
clang --target=x86_64-pc-windows-msvc -O1 -fshort-wchar -ffreestanding -mno-stack-arg-probe -Wall -Wextra \
    -c echo.c -o "$work/echo.obj"
lld-link /driver /subsystem:native /entry:FxDriverEntry /nodefaultlib /dynamicbase /Brepro \
    "/out:echo.sys" "$work/echo.obj" "$work/nt.lib" "$work/wdfldr.lib"
