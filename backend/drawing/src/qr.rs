//! A QR code as the path of an SVG: the browser draws it sharp at any size, and nothing is fetched to see it.

use core::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around a code, without which cameras do not find it.
pub const QUIET_ZONE: u32 = 4;

/// Its modules, one unit each; the quiet zone is not among them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QrDrawing {
    /// Modules a side.
    pub size: u32,
    /// The dark ones, row by row, neighbours in one stroke.
    pub path: String,
}

/// The code of `text`; `None` when it is too long for any (more than 2,331 bytes).
pub fn qr(text: &str) -> Option<QrDrawing> {
    // On a screen nothing hides a corner: the level that mends 15 % reads well and stays coarse.
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|&x| code.get_module(x, y)).count();
            let run = i32::try_from(run).unwrap_or_default();
            if run > 0 {
                // Writing to a text cannot fail.
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    Some(QrDrawing {
        size: u32::try_from(code.size()).ok()?,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that the path paints.
    fn painted(drawing: &QrDrawing) -> Vec<Vec<bool>> {
        let side = usize::try_from(drawing.size).unwrap();
        let mut modules = vec![vec![false; side]; side];
        for stroke in drawing.path.split_terminator('z') {
            let (start, rest) = stroke.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = start.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let run: usize = rest.split('v').next().unwrap().parse().unwrap();
            for module in &mut modules[y][x..x + run] {
                assert!(!*module, "painted twice");
                *module = true;
            }
        }
        modules
    }

    #[test]
    fn the_path_paints_the_codes_dark_modules_and_no_other() {
        let text = "otpauth://totp/Portail:jeanne?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Portail";
        let drawing = qr(text).unwrap();
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        for (y, row) in painted(&drawing).into_iter().enumerate() {
            for (x, dark) in row.into_iter().enumerate() {
                let (x, y) = (i32::try_from(x).unwrap(), i32::try_from(y).unwrap());
                assert_eq!(dark, code.get_module(x, y), "{x} {y}");
            }
        }
    }

    #[test]
    fn what_no_code_holds_is_not_drawn() {
        assert!(qr(&"é".repeat(2_000)).is_none());
    }
}
