//! What keeps an account safe, one section a file.

mod own_list;
mod sessions;

pub use self::sessions::Sessions;
