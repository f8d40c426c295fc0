//! Puts the built client into the program: every file as it is, in brotli and in gzip.
//!
//! The client comes from `dist/` (what Trunk built) or from where `PORTIQUE_CLIENT_DIST` says. Without it the server builds all
//! the same, with a page that says so: the API's tests need no client.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo speaks to build scripts by the environment"
)]

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;

/// Smaller files gain nothing from compression.
const WORTH_COMPRESSING: usize = 256;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let default_dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../dist");
    let dist = env::var("PORTIQUE_CLIENT_DIST").map_or(default_dist, PathBuf::from);
    println!("cargo::rerun-if-env-changed=PORTIQUE_CLIENT_DIST");
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");

    let mut files = Vec::new();
    if dist.is_dir() {
        collect(&dist, &mut files)?;
        files.sort();
    }
    let mut table = String::from("pub(super) static FILES: &[File] = &[\n");
    for (number, file) in files.iter().enumerate() {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&dist)?.to_string_lossy().replace('\\', "/");
        let bytes = fs::read(file)?;
        let packed =
            bytes.len() >= WORTH_COMPRESSING && file.extension().is_none_or(|extension| extension != "png");
        let stem = out.join(format!("asset-{number}"));
        fs::write(&stem, &bytes)?;
        writeln!(
            table,
            "File {{ path: {name:?}, plain: include_bytes!({:?}),",
            stem.display()
        )?;
        for (field, ending, compress) in [("brotli", "br", brotli as fn(&[u8]) -> _), ("gzip", "gz", gzip)] {
            if packed {
                let target = stem.with_extension(ending);
                fs::write(&target, compress(&bytes)?)?;
                writeln!(table, "{field}: Some(include_bytes!({:?})),", target.display())?;
            } else {
                writeln!(table, "{field}: None,")?;
            }
        }
        table.push_str("},\n");
    }
    table.push_str("];\n");
    fs::write(out.join("client.rs"), table)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // What Trunk is still writing lies in a hidden folder.
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// In blocks of each of these sizes (as powers of two), of which the shortest is kept: which one that is hangs on how the linker put the
/// functions in order, and the first load's budget must not hang on that.
const BLOCKS: [i32; 3] = [16, 18, 19];

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut shortest: Option<Vec<u8>> = None;
    for lgblock in BLOCKS {
        let parameters = BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            lgblock,
            ..BrotliEncoderParams::default()
        };
        let mut packed = Vec::new();
        brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)?;
        if shortest.as_ref().is_none_or(|before| packed.len() < before.len()) {
            shortest = Some(packed);
        }
    }
    Ok(shortest.unwrap_or_default())
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}
