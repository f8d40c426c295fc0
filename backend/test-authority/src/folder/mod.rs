//! The folder of sample cards that `make cards` writes, for the demo and for journeys in a browser.
//!
//! ```text
//! README.md                       how to import a card, French first
//! authorities/fort-racine.pem     the four ranges' roots and issuing authorities, one PEM each:
//!             fort-personnes.pem      professionals
//!             standard-racine.pem
//!             standard-organisations.pem
//!             elementaire-racine.pem
//!             elementaire-personnes.pem   the contactless side of cards
//!             test-fort-racine.pem
//!             test-fort-personnes.pem     test cards
//!             igc-sante-test.p7b      all eight in one file, as the national agency publishes its own
//! crls/fort-personnes.crl …       DER, one of each authority under the name of its PEM, good for 30 days
//! revoked.txt                     what `serve` tells as revoked: a line `fort-personnes 4f2a…` (serial, hexadecimal) each
//! server/card-host.pem            TLS certificate for the host that asks for cards
//!        card-host.key.pem
//!        racine.pem               its root, to be imported in the browser; its key was thrown away
//! cards/praticienne.p12 …         a card: password `portique`
//!       praticienne.pem           its certificate and the issuing authority's
//!       praticienne.key.pem
//! keys/                           DER, kept from run to run: a card imported once stays good
//! ```
//!
//! Cards: `praticienne` (has an account in the demo), `sans-compte`, `expiree`, `pas-encore-valable`, `revoquee`,
//! `sans-contact`, `test`, `signature`, `organisation`.

pub mod authorities;
pub mod cards;
mod keys;
mod revoked;
mod server;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

pub use cards::PASSWORD;
pub use keys::Keys;
pub(crate) use revoked::of as revoked_of;
pub use revoked::{RevokedCard, read_revoked};

use crate::crl::CrlSpec;
use authorities::Authorities;

/// How long the lists in the folder are believed: a demo may stand for weeks.
const LISTS_LAST: SignedDuration = SignedDuration::from_hours(30 * 24);

const README: &str = include_str!("readme.md");

/// What to write, and where.
pub struct Plan<'a> {
    pub into: PathBuf,
    /// The day that it is written for; cards are good from the year before to the year after.
    pub at: Timestamp,
    /// Names and addresses that the TLS certificate is for.
    pub hosts: Vec<String>,
    /// Where `serve` will answer; certificates say so.
    pub url: String,
    /// 32 unguessable bytes, each time others.
    pub chance: &'a mut dyn FnMut() -> [u8; 32],
}

/// Writes the folder. What is there is written over, but for the keys, and for a TLS certificate that is still good.
pub fn make(plan: Plan<'_>) -> io::Result<()> {
    let Plan {
        into: folder,
        at,
        hosts,
        url,
        chance,
    } = plan;
    let wanted = Authorities::keys().chain(cards::keys());
    let keys = Keys::open(&folder.join("keys"), wanted, &mut *chance)?;
    let authorities = Authorities::new(&keys, &url);
    authorities.write(&folder.join("authorities"))?;

    let revoked = cards::write(&folder.join("cards"), &authorities, &keys, at)?;
    revoked::write_revoked(&folder, &revoked)?;
    let lists = folder_in(&folder, "crls")?;
    for (name, authority) in authorities.iter() {
        let spec = CrlSpec::new(at, at + LISTS_LAST);
        let list = authority.crl(&spec, &revoked_of(name, &revoked, at));
        fs::write(lists.join(format!("{name}.crl")), list)?;
    }
    server::write(&folder_in(&folder, "server")?, &hosts, at, chance)?;
    fs::write(folder.join("README.md"), README)
}

fn folder_in(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let path = folder.join(name);
    fs::create_dir_all(&path)?;
    Ok(path)
}

/// Writes what nobody else on the machine shall read.
fn write_secret(file: &Path, content: &[u8]) -> io::Result<()> {
    fs::write(file, content)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}
