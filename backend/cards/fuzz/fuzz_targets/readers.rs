//! Whatever the bytes, every reader must return.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    portique_cards::fuzz::read_all(bytes);
});
