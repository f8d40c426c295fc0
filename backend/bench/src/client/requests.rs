//! The requests of each kind of load, whole, ready to be sent.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use portique_shared::api::paths;
use serde::{Deserialize, Serialize};

use super::cards::CardSignIns;
use crate::people::{email, identifier, password};
use crate::server::{COOKIE, HOST, STEP_COOKIE};

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Work {
    /// Sign-ins of people 0 to `people`, one after the other, each with the right password.
    SignIn { people: usize },
    /// One path, as each session in turn.
    Get { path: String, sessions: Vec<String> },
    /// Sign-ins in turn right (people 0 to `right`), wrong (the `wrong` people after those) and of nobody's identifier,
    /// each connection from an address of its own.
    Flood { right: usize, wrong: usize },
    /// Lost passwords by e-mail, in turn of people 0 to `known` and of as many who have no account, each once.
    LostPassword { known: usize },
    /// One code for each of the sign-ins that wait under these tokens, each once.
    TypeCodes { steps: Vec<String>, code: String },
    /// Whole sign-ins by card, each card in turn.
    Cards(CardSignIns),
}

/// Lost passwords from one address before the next: fewer than its limit of a day.
const LOST_FROM_ONE_ADDRESS: usize = 250;
/// Cards shown from one address before the next: fewer than its limit of a minute.
const CARDS_FROM_ONE_ADDRESS: usize = 100;

/// The requests of a load, the frequent ones built beforehand.
pub struct Requests {
    work: Work,
    ready: Vec<Vec<u8>>,
}

impl Requests {
    pub fn new(work: Work) -> Self {
        let ready = match &work {
            Work::SignIn { people } => (0..*people).map(right).collect(),
            Work::Get { path, sessions } => sessions.iter().map(|session| get_as(path, session)).collect(),
            Work::TypeCodes { steps, code } => steps.iter().map(|step| type_code(step, code)).collect(),
            // How it goes on, the answer tells.
            Work::Cards(_) => vec![post(paths::CARD_SIGN_IN, "{}")],
            Work::Flood { .. } | Work::LostPassword { .. } => Vec::new(),
        };
        Self { work, ready }
    }

    /// The request `turn` of the whole load.
    pub fn at(&self, turn: usize) -> Cow<'_, [u8]> {
        match &self.work {
            Work::SignIn { .. } | Work::Get { .. } | Work::TypeCodes { .. } | Work::Cards(_) => {
                Cow::Borrowed(&self.ready[turn % self.ready.len()])
            }
            Work::Flood { right: people, wrong } => Cow::Owned(match turn % 3 {
                0 => right(turn / 3 % people),
                1 => sign_in(&identifier(people + turn / 3 % wrong), "Portique#2026-wrong"),
                _ => sign_in(&format!("personne.inconnue.{turn}"), &password(turn)),
            }),
            Work::LostPassword { .. } => Cow::Owned(lost_password(&email(&match turn % 2 {
                0 => identifier(turn / 2),
                _ => format!("personne.inconnue.{turn}"),
            }))),
        }
    }

    /// Requests after which the load ends, whatever time is left.
    pub fn most(&self) -> usize {
        match &self.work {
            Work::SignIn { .. } | Work::Get { .. } | Work::Flood { .. } | Work::Cards(_) => usize::MAX,
            Work::LostPassword { known } => 2 * known,
            Work::TypeCodes { steps, .. } => steps.len(),
        }
    }

    /// Requests after which a connection gives way to one from another address.
    pub fn each_address(&self) -> usize {
        match &self.work {
            Work::SignIn { .. } | Work::Get { .. } | Work::Flood { .. } | Work::TypeCodes { .. } => {
                usize::MAX
            }
            Work::LostPassword { .. } => LOST_FROM_ONE_ADDRESS,
            Work::Cards(_) => CARDS_FROM_ONE_ADDRESS,
        }
    }

    /// Where connection `number` comes from.
    pub fn address(&self, number: usize) -> Ipv4Addr {
        match &self.work {
            Work::SignIn { .. } | Work::Get { .. } | Work::TypeCodes { .. } => Ipv4Addr::LOCALHOST,
            Work::Flood { .. } | Work::LostPassword { .. } | Work::Cards(_) => one_of_many(1, number),
        }
    }
}

/// An address of its own for each `number`: all of 127.0.0.0/8 is this machine.
pub fn one_of_many(net: u8, number: usize) -> Ipv4Addr {
    let [.., high, low] = u32::try_from(number + 1).unwrap_or(u32::MAX).to_be_bytes();
    Ipv4Addr::new(127, net, high, low)
}

fn right(person: usize) -> Vec<u8> {
    sign_in(&identifier(person), &password(person))
}

/// The same for a code by mail.
pub fn strong_sign_in(person: usize) -> Vec<u8> {
    let (identifier, password) = (identifier(person), password(person));
    let body = format!(r#"{{"identifier":"{identifier}","password":"{password}","strong":true}}"#);
    post(paths::SESSION, &body)
}

fn type_code(step: &str, code: &str) -> Vec<u8> {
    let body = format!(r#"{{"code":"{code}"}}"#);
    post_with(
        paths::SECOND_STEP,
        &format!("cookie: {STEP_COOKIE}={step}\r\n"),
        &body,
    )
}

fn sign_in(identifier: &str, password: &str) -> Vec<u8> {
    // Neither holds anything that JSON would write otherwise.
    let body = format!(r#"{{"identifier":"{identifier}","password":"{password}"}}"#);
    post(paths::SESSION, &body)
}

fn lost_password(subject: &str) -> Vec<u8> {
    post(paths::RECOVERY_PASSWORD, &format!(r#"{{"subject":"{subject}"}}"#))
}

/// A request with a body in JSON.
pub fn post(path: &str, body: &str) -> Vec<u8> {
    post_with(path, "", body)
}

/// The same with more headers, each with the end of its line.
pub fn post_with(path: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: {HOST}\r\n{headers}content-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A request without a body, as nobody.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {HOST}\r\n\r\n").into_bytes()
}

fn get_as(path: &str, session: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {HOST}\r\ncookie: {COOKIE}={session}\r\n\r\n").into_bytes()
}
