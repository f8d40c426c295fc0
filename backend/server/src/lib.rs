//! The server: HTTP, configuration, command line, and the wiring of all the rest.

pub mod adapters;
pub mod application;
mod card_host;
pub mod cli;
mod client;
pub mod config;
mod connections;
mod demo;
mod endpoints;
mod http;
mod logging;
mod places;
mod routes;
mod shell;
mod site;
mod state;
mod sweeper;
mod well_known;
