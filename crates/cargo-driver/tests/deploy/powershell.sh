#!/bin/sh
# Plays Windows. `$WINDOWS` is its state: `boot` counts its starts, `mode` says what goes wrong.
printf '%s\n' "$*" >> "$WINDOWS/calls"
for file; do :; done
step=$(basename "$file" .ps1)
folder=$(dirname "$file")
mode=$(cat "$WINDOWS/mode")
boot=$(cat "$WINDOWS/boot")
test -f "$folder/settings.json" || { echo "there is no '$file'" >&2; exit 64; }
once() { test -f "$WINDOWS/$1" && exit 0; touch "$WINDOWS/$1"; exit 18; }
case $step in
status)
    # It takes a while to come back.
    if test -s "$WINDOWS/down"; then sed -i 1d "$WINDOWS/down"; exit 255; fi
    test "$mode" = gone && test "$boot" -gt 1 && exit 255
    interrupted=null
    if test -f "$WINDOWS/under-way" && test "$(cat "$WINDOWS/under-way")" != "$boot"; then
        interrupted='{"step":"exercise","action":"run","since":"","boot":"1"}'
    fi
    printf 'a line of a profile\r\n{"format":1,"boot":"%s","interrupted":%s}\r\n' "$boot" "$interrupted" ;;
prepare) once prepared ;;
install)
    if test "$mode" = refuses; then
        printf '%s\n' 'error: ROOT\ECHO\0000 is not started: problem code 52' >&2
        exit 17
    fi
    test "$mode" = twice && { once installed; } ; exit 0 ;;
verify) once verified ;;
exercise)
    rm -rf "$folder/results"
    mkdir "$folder/results"
    if test "$mode" = crashes; then
        echo "$boot" > "$WINDOWS/under-way"
        echo $((boot + 1)) > "$WINDOWS/boot"
        printf '\n\n' > "$WINDOWS/down"
        kill -9 $PPID
        sleep 5
    fi
    test "$mode" = mirror && cp "$folder/expected.json" "$WINDOWS/windows.json"
    test "$mode" = silent || cp "$WINDOWS/windows.json" "$folder/results/windows.json"
    test "$mode" = loses && exit 1
    exit 0 ;;
collect)
    mkdir -p "$folder/results"
    test "$mode" = empty && exit 0
    echo '{"format":1,"verifier":{"driver_verifier":"on"}}' > "$folder/results/summary.json"
    if test -f "$WINDOWS/under-way"; then
        echo "error: the system stopped while 'run' of exercise was under way: bug check 0x000000c4 (0x62)" >&2
        exit 19
    fi ;;
remove) touch "$WINDOWS/removed" ;;
esac
