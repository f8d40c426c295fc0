//! Messages leave: what they say, how they travel, what becomes of them when something fails.

mod codes;
mod mails;
mod presets;
mod queue;
mod sending;
mod shutdown;
mod smtp_server;
mod store;
mod trouble;
mod unit_of_work;
mod words;
mod world;
