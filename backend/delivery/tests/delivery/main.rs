//! Messages leave: what they say, how they travel, what becomes of them when something fails.

mod card_rows;
mod codes;
mod factor_rows;
mod gateway_answers;
mod gateways;
mod mails;
mod presets;
mod queue;
mod sending;
mod shutdown;
mod sms_reports;
mod smtp_server;
mod store;
mod texts;
mod trouble;
mod unit_of_work;
mod web_server;
mod words;
mod world;
