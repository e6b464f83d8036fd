//! Instructions to the settlement operator server over HTTP.

use domain::{
    Timestamp,
    wire::{CallbackKey, Confirmation, Grant, Instruction},
};
use reqwest::Method;
use uuid::Uuid;

use super::super::http::{Answer, Operator, with_grant};

impl Operator {
    /// Has the operator do as instructed, or tell what became of the same instruction before. What
    /// names an account or card needs the `grant` of it.
    pub async fn instruct(
        &self,
        instruction: &Instruction,
        grant: Option<&Grant>,
    ) -> Answer<Confirmation> {
        let call = self.call(Method::POST, &["instructions"]).map(|call| call.json(instruction));
        let call = match grant {
            Some(grant) => call.map(|call| with_grant(call, grant)),
            None => call,
        };
        let _turn = self.turns.acquire().await;
        self.answer("instructions", call).await
    }

    /// What became of an instruction; [`Answer::Gone`] for one that never came.
    pub async fn look_up(&self, id: Uuid) -> Answer<Confirmation> {
        let call = self.call(Method::GET, &["instructions", &id.to_string()]);
        let _turn = self.turns.acquire().await;
        self.answer("instructions", call).await
    }

    /// The key that the operator's callbacks are signed with.
    pub async fn callback_key(&self, now: Timestamp) -> Answer<CallbackKey> {
        // It is told to the wallet company, whoever the member is.
        let nobody = Grant::new("");
        if let Some((key, _)) = self.callback_keys.get("", &nobody, now) {
            return Answer::Known(key);
        }
        let answer = self.answer("callback-key", self.call(Method::GET, &["callback-key"])).await;
        if let Answer::Known(key) = &answer {
            self.callback_keys.put("", &nobody, CallbackKey::clone(key), now);
        }
        answer
    }
}
