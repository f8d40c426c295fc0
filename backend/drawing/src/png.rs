//! The file: a palette, half a byte a pixel, and nothing else, not even a date.
//!
//! Written here since it is four chunks around what flate2 and crc32fast do, both in the tree already; the `png` crate
//! would bring a second miniz_oxide.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Red, green, blue.
pub type Rgb = [u8; 3];

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
const BITS: u8 = 4;
const INDEXED: u8 = 3;
/// Before each row: its bytes are as they are. Rows of palette indices have nothing to predict.
const UNFILTERED: u8 = 0;

/// The next levels make files less than a twentieth smaller and take twice as long and more.
const LEVEL: Compression = Compression::new(6);

/// A PNG of `width` × `height` pixels (neither 0), given row by row, each an index into `palette` (16 colours at most).
pub fn encode(width: usize, height: usize, palette: &[Rgb], pixels: &[u8]) -> Vec<u8> {
    let mut header = Vec::with_capacity(13);
    header.extend(length(width));
    header.extend(length(height));
    // Compression, filtering and interlacing have one value, one value and none.
    header.extend([BITS, INDEXED, 0, 0, 0]);

    let mut file = SIGNATURE.to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"PLTE", palette.as_flattened());
    chunk(&mut file, *b"IDAT", &compressed(width, pixels));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn compressed(width: usize, pixels: &[u8]) -> Vec<u8> {
    let mut rows = Vec::with_capacity(pixels.len());
    for row in pixels.chunks(width) {
        rows.push(UNFILTERED);
        rows.extend(row.chunks(2).map(halves));
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), LEVEL);
    encoder
        .write_all(&rows)
        .and_then(|()| encoder.finish())
        .expect("writing to memory does not fail")
}

/// One pixel or two in a byte, the left one above.
fn halves(pixels: &[u8]) -> u8 {
    pixels[0] << 4 | pixels.get(1).unwrap_or(&0)
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend(length(data.len()));
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let checksum = crc32fast::hash(&file[start..]);
    file.extend(checksum.to_be_bytes());
}

fn length(number: usize) -> [u8; 4] {
    u32::try_from(number).expect("a picture is small").to_be_bytes()
}
