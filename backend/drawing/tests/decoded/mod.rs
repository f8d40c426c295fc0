//! Reads the PNG files that are drawn: palette, half a byte a pixel, unfiltered. Anything else is a failure.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// Side of a cell in pixels.
pub const CELL_SIDE: usize = 144;

type Rgb = [u8; 3];

pub struct Decoded {
    pub width: usize,
    pub height: usize,
    /// Their kinds, in the file's order.
    pub chunks: Vec<String>,
    pixels: Vec<Rgb>,
}

impl Decoded {
    pub fn from_png(file: &[u8]) -> Self {
        let mut rest = file.strip_prefix(b"\x89PNG\r\n\x1a\n").expect("a PNG");
        let mut chunks = Vec::new();
        let mut data = Vec::new();
        while !rest.is_empty() {
            let length = number(&rest[..4]);
            let (chunk, after) = rest[4..].split_at(4 + length);
            assert_eq!(after[..4], crc32fast::hash(chunk).to_be_bytes());
            let (kind, content) = chunk.split_at(4);
            chunks.push(String::from_utf8_lossy(kind).into_owned());
            data.push(content);
            rest = &after[4..];
        }
        let [header, palette, image, end] = data[..] else {
            panic!("chunks: {chunks:?}");
        };
        assert_eq!(header[8..], [4, 3, 0, 0, 0]);
        assert!(end.is_empty());
        let (width, height) = (number(&header[..4]), number(&header[4..8]));
        let (palette, rest) = palette.as_chunks::<3>();
        assert!(rest.is_empty());
        let mut rows = Vec::new();
        ZlibDecoder::new(image)
            .read_to_end(&mut rows)
            .expect("compressed rows");
        assert_eq!(rows.len(), (1 + width / 2) * height);
        let pixels = rows
            .chunks(1 + width / 2)
            .flat_map(|row| {
                assert_eq!(row[0], 0, "a filtered row");
                row[1..]
                    .iter()
                    .flat_map(|byte| [byte >> 4, byte & 15])
                    .map(|index| palette[usize::from(index)])
            })
            .collect();
        Self {
            width,
            height,
            chunks,
            pixels,
        }
    }

    /// The pixels of a cell, row by row.
    pub fn cell(&self, cell: usize) -> Vec<Rgb> {
        let columns = self.width / CELL_SIDE;
        let (left, top) = (cell % columns * CELL_SIDE, cell / columns * CELL_SIDE);
        (top..top + CELL_SIDE)
            .flat_map(|y| &self.pixels[y * self.width + left..][..CELL_SIDE])
            .copied()
            .collect()
    }
}

/// Four bytes, the highest first.
fn number(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | usize::from(*byte))
}
