#!/bin/sh
# What has to hold before a change lands. The files for the code hosts call it.
set -eu
cd "$(dirname "$0")"
{{ci-remark}}
if ! cargo driver --version >/dev/null 2>&1; then
    cargo install --locked {{install}}
fi

cargo fmt --check
cargo clippy --all-targets -- -D warnings
cargo driver doctor
cargo driver test
cargo driver inf check --windows {{name}}.inx
cargo driver build --release
cargo driver check --strict target/driver/x86_64/release/{{file}}
cargo driver package --release
