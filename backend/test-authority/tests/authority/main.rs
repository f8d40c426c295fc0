//! What the authority issues, as Debian's `openssl` reads it: another reader than those that Portique is made of.

mod certificates;
mod command;
mod files;
mod folder;
mod lists;
mod ocsp;
mod openssl;
mod samples;
mod serving;
