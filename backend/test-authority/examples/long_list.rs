//! Writes an authority's certificate and a list of as many revoked cards as asked for: `long_list LINES FOLDER`.
//!
//! What the server does with `FOLDER/authority.pem` and `FOLDER/long.crl` is measured elsewhere; this takes seconds and no
//! memory worth a word.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::PathBuf;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use portique_test_authority::{Authority, CrlSpec, Revoked, Spec};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let lines: u64 = arguments.next().context("how many lines?")?.parse()?;
    let folder = PathBuf::from(arguments.next().context("which folder?")?);

    let authority = Authority::root(Spec::authority("AC IGC-SANTE FORT PERSONNES"));
    let start = Timestamp::from_second(1_767_571_200)?;
    // As chance would have them: 16 bytes in no order, all positive. The multiplier is odd, so that none comes twice.
    let revoked = (0..lines).map(|index| {
        let scattered = index.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let serial = [[0x40].as_slice(), &scattered.to_be_bytes(), &[0x55; 7]].concat();
        Revoked::new(&serial, start)
    });
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("authority.pem"), authority.to_pem())?;
    let mut file = BufWriter::new(File::create(folder.join("long.crl"))?);
    let spec = CrlSpec::new(start, start + SignedDuration::from_hours(24));
    authority.write_crl(&spec, &revoked, &mut file)?;
    Ok(())
}
