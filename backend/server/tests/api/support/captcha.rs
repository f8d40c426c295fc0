//! Captchas, solved as clients solve them; a picture, by who can read the database.

use altcha::{SolveChallengeOptions, solve_challenge};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portique_shared::api::captcha::PictureChallenge;
use portique_shared::api::paths;
use serde_json::{Value, json};

use super::Browser;

impl Browser<'_> {
    /// A proof of work that was done, as a form sends it.
    pub async fn proof(&self) -> Value {
        let challenge: altcha::Challenge = self.post(paths::CAPTCHA_PROOF, &json!({})).await.ok();
        let solution = solve_challenge(SolveChallengeOptions::new(&challenge))
            .unwrap()
            .expect("a challenge has a solution");
        let payload = altcha::Payload { challenge, solution };
        let payload = STANDARD.encode(serde_json::to_vec(&payload).unwrap());
        json!({ "kind": "proof", "payload": payload })
    }

    pub async fn picture(&self) -> PictureChallenge {
        self.post(paths::CAPTCHA_PICTURE, &json!({})).await.ok()
    }

    /// A picture whose odd one is made known to the test, in the first cell, and the answer to it.
    pub async fn solved_picture(&self) -> Value {
        let picture = self.picture().await;
        let known = "UPDATE captchas SET answer = 0 WHERE answer IS NOT NULL";
        self.app().database.run_by_hand(known).await.unwrap();
        json!({ "kind": "picture", "id": picture.id, "cell": 0 })
    }
}
