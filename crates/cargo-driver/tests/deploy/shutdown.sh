#!/bin/sh
printf 'shutdown %s\n' "$*" >> "$WINDOWS/calls"
echo $(($(cat "$WINDOWS/boot") + 1)) > "$WINDOWS/boot"
echo > "$WINDOWS/down"
