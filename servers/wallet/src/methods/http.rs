//! The member's methods over HTTP.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, Path, State},
    http::StatusCode,
    routing::{delete, get},
};
use domain::{
    Balance, MethodId, Registered, Timestamp,
    wire::{Grant, MethodChange, Methods, OperatorList, RegisterRequest},
};
use server_kit::{Answers, Clock, Database, DatabaseError, Json, Refused, Statement};
use sqlx::{Any, Executor};
use uuid::Uuid;

use super::{
    grant_key::GrantKey,
    linking,
    method::{Backing, StoredMethod},
    rows::{self, Changed},
    rules,
};
use crate::{
    members::{self, Member, Private, Shown, Subject, private},
    operators::{Answer, Debit, Operators, Unclear},
};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    MemberMethods: FromRef<S>,
{
    Router::new()
        .route("/v1/methods", get(methods).post(register))
        .route("/v1/methods/{id}", delete(remove).patch(change))
        .route("/v1/operators", get(operators))
}

/// Members' methods, and the operator that knows what is left on them.
#[derive(Clone)]
pub struct MemberMethods {
    /// Where they are kept.
    pub database: Database,
    /// Seals what opens their accounts and cards.
    pub grant_key: Arc<GrantKey>,
    /// Who holds the accounts and cards.
    pub operators: Operators,
}

/// The operators whose accounts and cards can be linked.
async fn operators(State(methods): State<MemberMethods>) -> axum::Json<OperatorList> {
    axum::Json(OperatorList { operators: methods.operators.names().map(str::to_owned).collect() })
}

async fn methods(
    State(methods): State<MemberMethods>,
    State(clock): State<Clock>,
    shown: Shown,
) -> Result<Private<Methods>, Refused> {
    let now = clock.now();
    let mut connection = methods.database.reads().acquire().await?;
    let (member, stored) = methods.shown(&mut *connection, shown, now).await?;
    drop(connection);
    Ok(private(methods.told(&member, stored, now).await))
}

/// A member's methods as they are kept, each with its last known balance.
pub type Stored = Vec<(StoredMethod, Option<Balance>)>;

/// What opens the account or card of `debit`; of a method that is not among them any more nothing does.
pub fn grant_among(stored: &Stored, debit: &Debit) -> Grant {
    let nothing = Grant::new("");
    let operator = debit.operator.as_str().to_owned();
    let wanted = Backing::linked(operator, debit.from.clone(), nothing.clone());
    let mut backings = stored.iter().map(|(method, _)| &method.backing);
    let known = backings.find(|backing| backing.holder() == wanted.holder());
    known.and_then(|backing| backing.grant().cloned()).unwrap_or(nothing)
}

impl MemberMethods {
    /// Warns of operators at which members have accounts or cards and that are not configured: those
    /// count as away.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn warn_of_missing_operators(&self) -> Result<(), DatabaseError> {
        let named = rows::operators(&self.database).await?;
        for missing in named.iter().filter(|name| self.operators.get(name).is_none()) {
            tracing::warn!(operator = missing, "members have methods at an unknown operator");
        }
        Ok(())
    }

    /// What opens one of the member's accounts or cards at an operator; what opens nothing, where it
    /// is not the member's any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grant_of(&self, member_id: &str, debit: &Debit) -> Result<Grant, DatabaseError> {
        Ok(grant_among(&self.stored(member_id).await?, debit))
    }

    /// The member's methods as they are kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stored(&self, member_id: &str) -> Result<Stored, DatabaseError> {
        let mut answers = self.database.read(&[Self::ask_stored("$1", member_id)].into()).await?;
        self.stored_of(&mut answers, member_id)
    }

    /// Asks for the methods as they are kept of the member who is `member`: an expression over `$1`, which is
    /// `value`.
    pub fn ask_stored(member: &str, value: &str) -> Statement {
        rows::ask_of_member(member, value)
    }

    /// The answer to [`Self::ask_stored`].
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn stored_of(
        &self,
        answers: &mut Answers,
        member_id: &str,
    ) -> Result<Stored, DatabaseError> {
        rows::of_member(answers, &self.grant_key, member_id)
    }

    /// The member's methods with balances as the operator says now.
    ///
    /// # Errors
    /// When the database fails; not when the operator is away.
    pub async fn of(&self, member: &Member, now: Timestamp) -> Result<Methods, DatabaseError> {
        Ok(self.told(member, self.stored(&member.id).await?, now).await)
    }

    /// Who asks, and the member's methods as they are kept, to be [`told`](Self::told).
    ///
    /// # Errors
    /// 401 where the session is over or bound to another key, or when the database fails.
    pub async fn shown<'e>(
        &self,
        executor: impl Executor<'e, Database = Any>,
        shown: Shown,
        now: Timestamp,
    ) -> Result<(Member, Stored), Refused> {
        let token_digest = shown.token_digest();
        let found = rows::of_session(executor, &self.grant_key, &token_digest, now).await?;
        let (session, stored) = found.unzip();
        Ok((shown.of(session)?, stored.unwrap_or_default()))
    }

    /// The methods with balances as the operator says now. It may take its time: no connection to the
    /// database waits for it.
    pub async fn told(&self, member: &Member, stored: Stored, now: Timestamp) -> Methods {
        // The wallet's own money is the ledger's, and never news.
        let known = |(stored, last): &(StoredMethod, Option<Balance>)| match &stored.backing {
            Backing::Wallet { balance } => Some(Balance { left: *balance, as_of: now }),
            _ => *last,
        };
        let last: Vec<_> = stored.iter().map(known).collect();
        let deposit_source = deposit_source(&stored);
        let methods = self.operators.balances(stored, now).await;
        self.remember(member, &methods, last);
        Methods { methods, as_of: now, deposit_source }
    }

    /// One of a member's `stored` methods with its balance as the operator says now; `None` where it is not
    /// among them.
    pub async fn one_of(
        &self,
        stored: &Stored,
        method: &MethodId,
        now: Timestamp,
    ) -> Option<Registered> {
        let mut one = stored.clone();
        one.retain(|(stored, _)| stored.method.id == *method);
        self.operators.balances(one, now).await.pop()
    }

    /// The owner in the ledger of a member's wallet; `None` where the method is no wallet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wallet_of(
        &self,
        member_id: &str,
        method: &MethodId,
    ) -> Result<Option<Uuid>, DatabaseError> {
        rows::wallet_of(&self.database, member_id, method).await
    }

    /// Has the operators undo the links of all accounts and cards of a member.
    ///
    /// # Errors
    /// When one of them is away; those that were undone can be undone again.
    pub async fn unlink_all(&self, member_id: &str) -> Result<(), Refused> {
        let methods = self.stored(member_id).await?;
        for (method, _) in &methods {
            if matches!(self.operators.unlink(&method.backing).await, Answer::Down) {
                return Err(operator_down());
            }
        }
        Ok(())
    }

    /// Keeps what the operator said, for when it is away: beside the answer, which neither waits for
    /// that nor fails with it, and only what is news.
    fn remember(&self, member: &Member, registered: &[Registered], last: Vec<Option<Balance>>) {
        let news = rows::news(registered, &last);
        if news.is_empty() {
            return;
        }
        let (database, member_id) = (self.database.clone(), member.id.clone());
        tokio::spawn(async move {
            if rows::remember(&database, &member_id, &news).await.is_err() {
                tracing::warn!("balances could not be kept for when the operator is away");
            }
        });
    }
}

/// The member's choice, else the first account or card.
fn deposit_source(stored: &[(StoredMethod, Option<Balance>)]) -> Option<MethodId> {
    let mut sources = stored.iter().map(|(method, _)| method);
    let chosen = sources.clone().find(|method| method.deposit_source);
    let source = chosen.or_else(|| sources.find(|method| method.backing.grant().is_some()));
    source.map(|method| method.method.id.clone())
}

/// Changes a method as the member likes; answers what all are now.
async fn change(
    State(methods): State<MemberMethods>,
    State(clock): State<Clock>,
    member: Member,
    Path(id): Path<String>,
    Json(mut wanted): Json<MethodChange>,
) -> Result<Private<Methods>, Refused> {
    if let Some(name) = &wanted.name {
        wanted.name = Some(rules::name(name).map_err(Refused::invalid)?.to_owned());
    }
    match rows::change(&methods.database, &member.id, &MethodId(id), &wanted).await? {
        Changed::Done => Ok(private(methods.of(&member, clock.now()).await?)),
        Changed::NoSuchMethod => Err(no_such_method()),
        Changed::NoSource => Err(conflict(
            "method_of_the_wallet",
            "The wallet's own money is what deposits go into",
            "Choose an account or a card to take deposits from.",
        )),
    }
}

/// Registers the account or card of a link code as one of the member's methods. The same code again
/// gives the same method.
async fn register(
    State(MemberMethods { database, grant_key, operators }): State<MemberMethods>,
    State(clock): State<Clock>,
    member: Member,
    Json(RegisterRequest { scheme, link_code, operator }): Json<RegisterRequest>,
) -> Result<Private<Registered>, Refused> {
    let (name, operator) = operators.chosen(operator.as_deref()).map_err(unclear)?;
    if link_code.is_empty() || link_code.len() > linking::MAX_CODE {
        return Err(Refused::invalid("The link code is empty or too long."));
    }
    // Guesses are counted like guesses at a password. A right code takes back its own guess alone:
    // who sends a known one again and again could guess at others in between.
    let subject = linking::guesses_of(&member.id);
    let subjects = [Subject::LinkCodes(&subject)];
    let guess = members::count_guess(&database, &subjects, clock.now()).await?;
    guess.map_err(members::refusals::too_many_guesses)?;
    let answer = operator.link(link_code, linking::holder(&member.id)).await;
    if !matches!(answer, Answer::Gone) {
        members::forget_guesses(&database, &subjects).await?;
    }
    let linked = match answer {
        Answer::Known(linked) => linked,
        Answer::Gone => {
            return Err(conflict(
                "link_code_refused",
                "The link code is not valid",
                "Check the code, or ask the operator for a new one.",
            ));
        }
        Answer::Down => return Err(operator_down()),
    };
    if linked.rides.iter().all(|ride| ride.scheme != scheme) {
        return Err(conflict(
            "link_code_of_other_scheme",
            "The link code is for something else",
            "Register the scheme that the operator gave the code for.",
        ));
    }
    let stored = linking::method_of(&member.id, name, linked);
    let stored =
        rows::keep(&database, &grant_key, &member.id, &stored).await?.ok_or_else(|| {
            conflict(
                "too_many_methods",
                "Too many methods",
                "Remove one of the registered methods first.",
            )
        })?;
    let registered = operators.balances(vec![(stored, None)], clock.now()).await;
    registered.into_iter().next().map(private).ok_or_else(Refused::internal)
}

/// Removes a method: the operator opens its account or card to this member no longer. With the
/// operator away nothing is removed, so that no grant is left behind that nobody can undo.
async fn remove(
    State(methods): State<MemberMethods>,
    member: Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let stored = methods.stored(&member.id).await?;
    let MemberMethods { database, operators, .. } = methods;
    let (stored, _) = stored
        .into_iter()
        .find(|(stored, _)| stored.method.id.0 == id)
        .ok_or_else(no_such_method)?;
    if stored.backing.operator().is_none() {
        return Err(conflict(
            "method_of_the_wallet",
            "The wallet's own money stays",
            "Only accounts and cards of an operator can be removed.",
        ));
    }
    if matches!(operators.unlink(&stored.backing).await, Answer::Down) {
        return Err(operator_down());
    }
    rows::remove(&database, &member.id, &MethodId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn no_such_method() -> Refused {
    Refused::not_found("No method of this id is registered.")
}

fn unclear(why: Unclear) -> Refused {
    let (code, title, detail) = match why {
        Unclear::NotNamed => (
            "operator_missing",
            "Which operator gave the code?",
            "Say in `operator` who gave it: one of those that /v1/operators lists.",
        ),
        Unclear::Unknown => (
            "no_such_operator",
            "There is no such operator",
            "Name in `operator` one of those that /v1/operators lists.",
        ),
    };
    Refused::new(StatusCode::UNPROCESSABLE_ENTITY, code, title, detail)
}

fn conflict(code: &'static str, title: &'static str, detail: &'static str) -> Refused {
    Refused::new(StatusCode::CONFLICT, code, title, detail)
}

fn operator_down() -> Refused {
    Refused::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "operator_down",
        "The operator cannot be reached",
        "Try again; nothing was changed, and a code stays good.",
    )
    .retry_after(5)
}
