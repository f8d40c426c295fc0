//! What endpoints refuse, for the API's description: each kind of refusal is described once and named by the endpoints that
//! know it.

use std::collections::BTreeMap;

use axum::http::header::RETRY_AFTER;
use portique_shared::api::problem::{PROBLEM_MEDIA_TYPE, Problem};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

type Responses = BTreeMap<String, RefOr<Response>>;

/// Every endpoint's.
pub struct Anywhere;

/// Those of who must know which portal is asked.
pub struct WithoutPortal;

/// Those of who changes something.
pub struct FromAnotherSite;

/// Those of who needs a session.
pub struct WithoutSession;

/// Those of who needs a session that opens everything.
pub struct WithoutFullSession;

/// Those of who changes what opens the account.
pub struct WithoutProof;

/// Those of who could be left without a second factor.
pub struct NoFactorLeft;

/// Those of who proves a new rescue address or telephone.
pub struct NothingWaits;

/// Those of who enrols an authenticator.
pub struct NotEnrolled;

/// Those of who goes on with a sign-in's second step.
pub struct WithoutStep;

/// Those of who reads JSON.
pub struct BadBody;

/// Those of who verifies a password.
pub struct TooMuch;

/// Those of who asks for what can be asked for too often.
pub struct TooOften;

/// Those of who asks for what not every portal offers.
pub struct NotOffered;

/// Those of who names a thing of their own.
pub struct NotTheirs;

/// Those of who uses a reference.
pub struct Spent;

/// Those of who uses a link.
pub struct LinkSpent;

/// Those of who comes back with a card.
pub struct BadCard;

impl IntoResponses for BadCard {
    fn responses() -> Responses {
        let mut responses = described([
            (
                403,
                "The card is refused, which the code explains; or it opens nothing here; or another site's page sent the request, or \
                 who they are must be proved anew, or the provisional password changed first",
            ),
            (
                409,
                "The ceremony was used, is too old, or was begun in another browser; or another account has the card's number; or the \
                 account has as many cards as it may",
            ),
        ]);
        let unverifiable = problem("Whether the card was revoked can't be told for now").header(
            RETRY_AFTER.as_str(),
            whole_number("Seconds until another try makes sense"),
        );
        responses.insert("503".to_owned(), unverifiable.build().into());
        responses
    }
}

/// Those of a gateway that tells what became of an SMS.
pub struct BadReport;

impl IntoResponses for BadReport {
    fn responses() -> Responses {
        described([
            (400, "No report that this installation waits for"),
            (413, "A body larger than any report"),
        ])
    }
}

impl IntoResponses for Anywhere {
    fn responses() -> Responses {
        described([
            (405, "Another method than those described"),
            (
                500,
                "A failure on the server's side; support finds it by the request's id",
            ),
        ])
    }
}

impl IntoResponses for WithoutPortal {
    fn responses() -> Responses {
        described([(421, "No portal answers to this host")])
    }
}

impl IntoResponses for FromAnotherSite {
    fn responses() -> Responses {
        described([(403, "Another site's page sent the request")])
    }
}

impl IntoResponses for WithoutSession {
    fn responses() -> Responses {
        described([(401, "No session, or one that has ended")])
    }
}

impl IntoResponses for WithoutFullSession {
    fn responses() -> Responses {
        described([
            (401, "No session, or one that has ended"),
            (403, "The provisional password must be changed first"),
        ])
    }
}

impl IntoResponses for WithoutProof {
    fn responses() -> Responses {
        described([
            (401, "No session, or one that has ended"),
            (
                403,
                "Who they are must be proved anew, or the provisional password changed first, or another site's page sent the request",
            ),
        ])
    }
}

impl IntoResponses for NoFactorLeft {
    fn responses() -> Responses {
        described([(
            409,
            "A second factor is asked for at each sign-in, and none would be left",
        )])
    }
}

impl IntoResponses for NothingWaits {
    fn responses() -> Responses {
        described([(409, "No new address or telephone waits for its code (any more)")])
    }
}

impl IntoResponses for NotEnrolled {
    fn responses() -> Responses {
        described([(
            409,
            "The enrolment is too old or was used, or the account has as many authenticators as it may",
        )])
    }
}

impl IntoResponses for WithoutStep {
    fn responses() -> Responses {
        described([(401, "No sign-in waits for its second step (any more)")])
    }
}

impl IntoResponses for BadBody {
    fn responses() -> Responses {
        described([
            (400, "The body is not what is described"),
            (413, "The body is larger than any form"),
            (415, "The body is not said to be JSON"),
            (422, "What is wrong with which field"),
        ])
    }
}

impl IntoResponses for TooMuch {
    fn responses() -> Responses {
        [
            (429, "Too many wrong tries", "Seconds until the next try is taken"),
            (
                503,
                "Too many passwords are being verified at once",
                "Seconds until another try makes sense",
            ),
        ]
        .map(|(status, description, seconds)| {
            let retry = problem(description).header(RETRY_AFTER.as_str(), whole_number(seconds));
            (status.to_string(), retry.build().into())
        })
        .into()
    }
}

impl IntoResponses for TooOften {
    fn responses() -> Responses {
        let retry = problem("Asked for too often; this tells nothing of any account").header(
            RETRY_AFTER.as_str(),
            whole_number("Seconds until it can be asked for again"),
        );
        [("429".to_owned(), retry.build().into())].into()
    }
}

impl IntoResponses for NotOffered {
    fn responses() -> Responses {
        described([(404, "The portal does not offer this")])
    }
}

impl IntoResponses for NotTheirs {
    fn responses() -> Responses {
        described([(404, "The person has none of that name (any more)")])
    }
}

impl IntoResponses for Spent {
    fn responses() -> Responses {
        described([(409, "The reference was used already, or is too old, or is none")])
    }
}

impl IntoResponses for LinkSpent {
    fn responses() -> Responses {
        described([(410, "The link opens nothing (any more)")])
    }
}

fn described<const N: usize>(refusals: [(u16, &str); N]) -> Responses {
    refusals
        .map(|(status, description)| (status.to_string(), problem(description).build().into()))
        .into()
}

fn problem(description: &str) -> ResponseBuilder {
    let schema = Ref::from_schema_name(Problem::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description(description)
        .content(PROBLEM_MEDIA_TYPE, content)
}

fn whole_number(description: &str) -> Header {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    HeaderBuilder::new()
        .schema(Some(number))
        .description(Some(description))
        .build()
}
