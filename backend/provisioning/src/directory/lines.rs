//! Lines of a big file through one buffer, without copying them.

use std::io::{ErrorKind, Read};

use memchr::memchr;

use super::DirectoryError;

/// Big enough that reading costs few calls. A line longer than it is none: the directory's have some 500 bytes.
const BUFFER_BYTES: usize = 1 << 20;

pub(super) struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    /// What of the buffer is read and not yet given out.
    start: usize,
    end: usize,
    /// The number of the line given out last, from 1.
    pub(super) number: u64,
    /// Bytes given out so far, line ends included.
    pub(super) bytes: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            buffer: vec![0; BUFFER_BYTES],
            start: 0,
            end: 0,
            number: 0,
            bytes: 0,
        }
    }

    /// The next line without its end (LF or CRLF); `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, DirectoryError> {
        let mut searched = 0;
        let (line_end, next) = loop {
            let waiting = &self.buffer[self.start..self.end];
            if let Some(offset) = memchr(b'\n', &waiting[searched..]) {
                let line_end = self.start + searched + offset;
                break (line_end, line_end + 1);
            }
            searched = waiting.len();
            if !self.fill()? {
                if self.start == self.end {
                    return Ok(None);
                }
                break (self.end, self.end);
            }
        };
        let line = self.start..line_end;
        self.bytes += (next - self.start) as u64;
        self.number += 1;
        self.start = next;
        let line = &self.buffer[line];
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// Reads more behind what waits; `false` at the end of the file.
    fn fill(&mut self) -> Result<bool, DirectoryError> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            return Err(DirectoryError::TooLong {
                line: self.number + 1,
            });
        }
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(read) => {
                    self.end += read;
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(DirectoryError::Io(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives a few bytes at a time, as a pipe may.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let size = self.1.min(self.0.len()).min(buffer.len());
            let (now, later) = self.0.split_at(size);
            buffer[..size].copy_from_slice(now);
            self.0 = later;
            Ok(size)
        }
    }

    proptest! {
        #[test]
        fn lines_come_out_as_they_went_in(text in "[a\n\r|]{0,60}", drop in 1_usize..9) {
            let mut lines = Lines::new(Drops(text.as_bytes(), drop));
            let mut found = Vec::new();
            while let Some(line) = lines.next().expect("memory does not fail") {
                found.push(String::from_utf8(line.to_vec()).expect("ASCII"));
            }
            let expected: Vec<String> = text
                .split_inclusive('\n')
                .map(|line| line.strip_suffix('\n').unwrap_or(line))
                .map(|line| line.strip_suffix('\r').unwrap_or(line).to_owned())
                .collect();
            prop_assert_eq!(lines.number, found.len() as u64);
            prop_assert_eq!(lines.bytes, text.len() as u64);
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn lines_longer_than_what_is_left_of_the_buffer_are_read_whole() {
        let text = format!("{}\n{}\n", "a".repeat(700_000), "b".repeat(700_000));
        let mut lines = Lines::new(text.as_bytes());
        for letter in [b'a', b'b'] {
            let line = lines.next().unwrap().unwrap();
            assert!(line.len() == 700_000 && line.iter().all(|byte| *byte == letter));
        }
        assert!(lines.next().unwrap().is_none());
    }

    #[test]
    fn a_line_without_end_is_refused_before_memory_runs_out() {
        let mut lines = Lines::new(std::io::repeat(b'a'));
        assert!(matches!(lines.next(), Err(DirectoryError::TooLong { line: 1 })));
    }
}
