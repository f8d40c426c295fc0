//! What keeps an account safe, one section a file.

mod sessions;

pub use self::sessions::Sessions;
