//! Draws the settlement screen: the rule's answer on the member's methods, made flat.

use std::cmp::Reverse;

use domain::{
    Channel, Method, MethodKind, Money, Registered, Source, Standing, Store, Timestamp, order,
    rule::{self, Answer, State},
    scheme,
};

use super::{
    Alarm, Amount, CandidateRow, Chance, ChannelKind, CodeNote, Evidence, Freshness, KindOfMethod,
    MethodBasis, MethodRow, MethodState, Place, ServerState, SettlementScreen, SourceKind,
    StorageWarning, StoreHead, StoreQuestion, SuggestionRow, TakenBy,
};
use crate::{
    entry::Candidate,
    standing::{StoreInQuestion, Stores},
};

/// Everything a screen is drawn from.
pub(crate) struct Draw<'a> {
    pub place: Place,
    pub stores: &'a Stores,
    pub alarm: Option<Alarm>,
    pub code: Option<CodeNote>,
    pub registered: &'a [Registered],
    /// How each of `registered` stands.
    pub answer: &'a Answer,
    pub server: ServerState,
    /// Since when the register does not vouch for a store shown; `None` while it does for all.
    pub stores_as_of: Option<Timestamp>,
    pub storage: Vec<StorageWarning>,
    /// ISO 639-1; English where the registry does not speak it.
    pub language: &'a str,
    pub now: Timestamp,
    pub revision: u64,
}

/// The screen.
pub(crate) fn draw(from: &Draw<'_>) -> SettlementScreen {
    let answer = from.answer;
    let row = |index: &usize| {
        let registered = from.registered.get(*index)?;
        Some(method_row(registered, answer.standings.get(*index)?))
    };
    let rest = |wanted: &[State]| {
        let rows = from.registered.iter().zip(&answer.standings);
        let mut rows: Vec<_> =
            rows.filter(|(_, standing)| wanted.contains(&standing.state)).collect();
        // The likeliest first; of those of which nothing is known, what could work most.
        order::sort_by_key(&mut rows, |(_, Standing { state, chance, .. })| match state {
            State::Inactive => None,
            _ => Some((*state, Reverse(chance.low), Reverse(chance.high))),
        });
        rows.into_iter().map(|(registered, one)| method_row(registered, one)).collect::<Vec<_>>()
    };
    let mut attributions: Vec<String> = Vec::new();
    for known in from.stores.listed() {
        if !known.store.attribution.is_empty() && !attributions.contains(&known.store.attribution) {
            attributions.push(known.store.attribution.clone());
        }
    }
    let mut stores = from.stores.listed().iter();
    let first = stores.next();
    SettlementScreen {
        place: from.place,
        store: first.map(head),
        evidence: first.map(|known| evidence(&known.candidate)).unwrap_or_default(),
        candidates: stores.take(OTHERS_SHOWN).map(candidate_row).collect(),
        question: question(from),
        alarm: from.alarm.clone(),
        code: from.code.clone(),
        active: answer.active.iter().filter_map(row).collect(),
        likely: answer.likely.iter().filter_map(row).collect(),
        unsure: rest(&[State::Unsure, State::LikelyNot]),
        inactive: rest(&[State::Inactive]),
        active_not_chosen: u32::try_from(answer.active_not_chosen.len()).unwrap_or(u32::MAX),
        suggestions: answer
            .suggestions
            .iter()
            .map(|suggested| suggestion(suggested, from))
            .collect(),
        store_list_unknown: answer.list_unknown && from.place != Place::Nowhere,
        freshness: freshness(from),
        storage: from.storage.clone(),
        attributions,
        drawn_at_ms: from.now.0,
        revision: from.revision,
    }
}

/// With the one shown that makes the five stores a person can take in at a glance.
const OTHERS_SHOWN: usize = 4;

pub(super) fn head(known: &StoreInQuestion) -> StoreHead {
    let Store { id, name, industry, address, phone, level, .. } = known.store.as_ref();
    StoreHead {
        id: id.to_string(),
        name: name.clone(),
        industry: industry.clone(),
        address: address.line(),
        phone: phone.clone(),
        level: level.clone(),
        // Saturates; whole metres are more than a fix knows.
        distance_m: known.candidate.distance_m.map(|metres| metres.round() as u32),
    }
}

fn question(from: &Draw<'_>) -> Option<StoreQuestion> {
    let asked = from.answer.store_to_ask?;
    let store = head(from.stores.in_question().get(asked.store)?);
    Some(StoreQuestion { store, settles: asked.settles })
}

fn candidate_row(known: &StoreInQuestion) -> CandidateRow {
    let percent = (known.candidate.probability.clamp(0.0, 1.0) * 100.0).round() as u8;
    CandidateRow { store: head(known), percent }
}

fn evidence(candidate: &Candidate) -> Vec<Evidence> {
    use crate::entry::Evidence as Bits;
    let has = |bits| candidate.evidence.contains(bits);
    let code = if has(Bits::SIGNED_CODE) { Evidence::SignedCode } else { Evidence::UnsignedCode };
    [
        (Bits::CODE, code),
        (Bits::TOUCHED, Evidence::Nfc),
        (Bits::BEACON, Evidence::Beacon),
        (Bits::JOINED, Evidence::JoinedWifi),
        (Bits::WIFI, Evidence::Wifi),
        (Bits::CHOSEN, Evidence::Chosen),
        (Bits::POSITION, Evidence::Position),
        (Bits::SIMULATED, Evidence::SimulatedPosition),
        (Bits::HABIT, Evidence::Habit),
    ]
    .into_iter()
    .filter_map(|(bits, shown)| has(bits).then_some(shown))
    .collect()
}

pub(super) fn method_row(registered: &Registered, standing: &Standing) -> MethodRow {
    let Registered { method, balance, .. } = registered;
    let Method { id, kind, name, .. } = method;
    MethodRow {
        id: id.0.clone(),
        name: name.clone(),
        kind: (*kind).into(),
        state: standing.state.into(),
        chance: standing.chance.into(),
        reason: standing.reason.map(Into::into),
        balance: balance.map(|balance| balance.left.into()),
        balance_as_of_ms: balance.map(|balance| balance.as_of.0),
        by: standing.by.as_ref().map(|taken| TakenBy {
            scheme: taken.scheme.as_str().to_owned(),
            scheme_name: taken.scheme.name().to_owned(),
            channel: taken.channel.into(),
            source: taken.source.into(),
            as_of_ms: taken.as_of.0,
        }),
        basis: standing.basis.into(),
    }
}

fn suggestion(suggested: &rule::Suggestion, from: &Draw<'_>) -> SuggestionRow {
    let known = scheme::find(suggested.scheme.as_str());
    let how = known.map(|scheme| match from.language {
        "ja" => scheme.register.ja.clone(),
        _ => scheme.register.en.clone(),
    });
    SuggestionRow {
        scheme: suggested.scheme.as_str().to_owned(),
        scheme_name: suggested.scheme.name().to_owned(),
        channels: suggested.channels.iter().map(|&channel| channel.into()).collect(),
        how_to_register: how.unwrap_or_default(),
        chance: suggested.chance.into(),
        source: suggested.source.into(),
    }
}

fn freshness(from: &Draw<'_>) -> Freshness {
    let oldest: Option<Timestamp> = from
        .registered
        .iter()
        .filter_map(|registered| registered.balance)
        .map(|balance| balance.as_of)
        .min();
    let age = |as_of| u64::try_from(from.now.millis_since(as_of) / 1_000).unwrap_or(0);
    Freshness {
        server: from.server,
        balances_as_of_ms: oldest.map(|as_of| as_of.0),
        balances_age_s: oldest.map(age),
        stores_as_of_ms: from.stores_as_of.map(|as_of| as_of.0),
        stores_age_s: from.stores_as_of.map(age),
    }
}

impl From<State> for MethodState {
    fn from(state: State) -> Self {
        match state {
            State::Active => Self::Active,
            State::Likely => Self::Likely,
            State::Unsure => Self::Unsure,
            State::LikelyNot => Self::LikelyNot,
            State::Inactive => Self::Inactive,
        }
    }
}

impl From<rule::Chance> for Chance {
    fn from(rule::Chance { low, high }: rule::Chance) -> Self {
        Self { low, high }
    }
}

impl From<rule::Basis> for MethodBasis {
    fn from(basis: rule::Basis) -> Self {
        let rule::Basis { stores, take, refuse, source, as_of } = basis;
        let (source, as_of_ms) = (source.map(Into::into), as_of.map(|at| at.0));
        Self { stores, take, refuse, source, as_of_ms }
    }
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        let decimals = money.currency.exponent().unwrap_or(0);
        Self {
            minor: money.amount,
            currency: money.currency.code().to_owned(),
            decimals: u8::try_from(decimals).unwrap_or(0),
            text: money.to_string(),
        }
    }
}

impl From<MethodKind> for KindOfMethod {
    fn from(kind: MethodKind) -> Self {
        match kind {
            MethodKind::ElectronicMoney => Self::ElectronicMoney,
            MethodKind::BankAccount => Self::BankAccount,
            MethodKind::CreditCard => Self::CreditCard,
            MethodKind::CodePayment => Self::CodePayment,
        }
    }
}

impl From<Channel> for ChannelKind {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Contactless => Self::Contactless,
            Channel::Scan => Self::Scan,
            Channel::Code => Self::Code,
        }
    }
}

impl From<Source> for SourceKind {
    fn from(source: Source) -> Self {
        match source {
            Source::Store => Self::Store,
            Source::Settlement => Self::Settlement,
            Source::Register => Self::Register,
            Source::OpenStreetMap => Self::OpenStreetMap,
            Source::Code => Self::Code,
            Source::Members => Self::Members,
            Source::Own => Self::Own,
            Source::Sibling => Self::Sibling,
            Source::Chain => Self::Chain,
            Source::Country => Self::Country,
            Source::Generated => Self::Generated,
        }
    }
}
