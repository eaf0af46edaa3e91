//! The image loader's parsing and layout under libFuzzer: `cargo fuzz run --features libfuzzer image`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = wdk_emulator::fuzz_image(data);
});
