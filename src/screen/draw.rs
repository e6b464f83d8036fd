use std::sync::Arc;

use domain::{
    Accepted, Ask, Channel, Currency, Method, MethodKind, Money, Reason, Registered, Source,
    Standing, Store, Timestamp, rule, scheme,
};

use super::{
    Alarm, Amount, CandidateRow, ChannelKind, CodeNote, Evidence, Freshness, KindOfMethod,
    MethodRow, MethodState, Place, ServerState, SettlementScreen, SourceKind, StoreHead,
    SuggestionRow, TakenBy, WhyNot,
};

/// A store the screen is drawn over.
#[derive(Clone, Debug)]
pub(crate) struct StoreInQuestion {
    pub store: Arc<Store>,
    /// Share of all that is in question, 0 to 1.
    pub probability: f64,
    /// Metres from the phone.
    pub distance_m: Option<f64>,
    pub evidence: Vec<Evidence>,
}

/// Everything a screen is drawn from.
pub(crate) struct Draw<'a> {
    pub place: Place,
    /// The one to show first, the others to offer after it.
    pub stores: &'a [StoreInQuestion],
    /// Over how many of them, from the first, the rule is asked: one when it is certain.
    pub in_question: usize,
    pub alarm: Option<Alarm>,
    pub code: Option<CodeNote>,
    /// What the scanned code says can be paid by it, where no store is known.
    pub accepted_by_code: &'a Accepted,
    pub registered: &'a [Registered],
    /// What the member asks; its currency is set here from the store.
    pub ask: Ask,
    pub server: ServerState,
    /// ISO 639-1; English where the registry does not speak it.
    pub language: &'a str,
    pub revision: u64,
}

/// The screen: the rule over the stores in question, made flat.
pub(crate) fn draw(from: &Draw<'_>) -> SettlementScreen {
    let in_question = from.stores.get(..from.in_question).unwrap_or(from.stores);
    let mut accepted: Vec<&Accepted> =
        in_question.iter().map(|known| &known.store.accepted).collect();
    if accepted.is_empty() && !from.accepted_by_code.claims().is_empty() {
        accepted.push(from.accepted_by_code);
    }
    let ask = Ask { currency: till_currency(in_question), ..from.ask.clone() };
    let verdict = rule::judge(&accepted, from.registered, &ask);
    let row = |index: &usize| {
        let held = from.registered.get(*index)?;
        Some(method_row(held, verdict.standings.get(*index)?))
    };
    let rest = |wanted: fn(MethodState) -> bool| {
        let rows = from.registered.iter().zip(&verdict.standings);
        rows.map(|(held, standing)| method_row(held, standing))
            .filter(|row| wanted(row.state))
            .collect::<Vec<_>>()
    };
    let mut unsure =
        rest(|state| matches!(state, MethodState::DependsOnStore | MethodState::Unknown));
    unsure.sort_by_key(|row| row.state == MethodState::Unknown);
    let mut attributions: Vec<String> = Vec::new();
    for known in from.stores {
        if !known.store.attribution.is_empty() && !attributions.contains(&known.store.attribution) {
            attributions.push(known.store.attribution.clone());
        }
    }
    let (first, others) = match from.stores.split_first() {
        Some((first, others)) => (Some(first), others),
        None => (None, from.stores),
    };
    SettlementScreen {
        place: from.place,
        store: first.map(head),
        evidence: first.map(|known| known.evidence.clone()).unwrap_or_default(),
        candidates: others.iter().take(OTHERS_SHOWN).map(candidate).collect(),
        alarm: from.alarm.clone(),
        code: from.code.clone(),
        active: verdict.active.iter().filter_map(row).collect(),
        unsure,
        inactive: rest(|state| state == MethodState::Inactive),
        active_not_chosen: u32::try_from(verdict.active_not_chosen.len()).unwrap_or(u32::MAX),
        suggestions: verdict.suggestions.iter().map(|told| suggestion(told, from)).collect(),
        store_list_unknown: verdict.list_unknown && from.place != Place::Nowhere,
        freshness: freshness(from),
        attributions,
        drawn_at_ms: from.ask.now.0,
        revision: from.revision,
    }
}

/// With the one shown that makes the five stores a person can take in at a glance.
const OTHERS_SHOWN: usize = 4;

/// The currency of the till; `None` when the stores in question have different ones.
fn till_currency(in_question: &[StoreInQuestion]) -> Option<Currency> {
    let mut currencies = in_question.iter().map(|known| known.store.currency);
    let first = currencies.next()?;
    currencies.all(|other| other == first).then_some(first)
}

fn head(known: &StoreInQuestion) -> StoreHead {
    let Store { id, name, industry, address, phone, level, .. } = known.store.as_ref();
    StoreHead {
        id: id.to_string(),
        name: name.clone(),
        industry: industry.clone(),
        address: address.line(),
        phone: phone.clone(),
        level: level.clone(),
        // Saturates; whole metres are more than a fix knows.
        distance_m: known.distance_m.map(|metres| metres.round() as u32),
    }
}

fn candidate(known: &StoreInQuestion) -> CandidateRow {
    let percent = (known.probability.clamp(0.0, 1.0) * 100.0).round() as u8;
    CandidateRow { store: head(known), percent }
}

fn method_row(held: &Registered, standing: &Standing) -> MethodRow {
    let Registered { method, balance, .. } = held;
    let Method { id, kind, name, .. } = method;
    let (state, reason, taken) = match standing {
        Standing::Active(taken) => (MethodState::Active, None, Some(taken)),
        Standing::DependsOnStore(taken) => (MethodState::DependsOnStore, None, Some(taken)),
        Standing::Unknown => (MethodState::Unknown, Some(WhyNot::StoreListUnknown), None),
        Standing::Inactive { reason } => (MethodState::Inactive, Some((*reason).into()), None),
    };
    MethodRow {
        id: id.0.clone(),
        name: name.clone(),
        kind: (*kind).into(),
        state,
        reason,
        balance: balance.map(|balance| balance.left.into()),
        balance_as_of_ms: balance.map(|balance| balance.as_of.0),
        by: taken.map(|taken| TakenBy {
            scheme: taken.scheme.as_str().to_owned(),
            scheme_name: taken.scheme.name().to_owned(),
            channel: taken.channel.into(),
            source: taken.source.into(),
            as_of_ms: taken.as_of.0,
        }),
    }
}

fn suggestion(told: &rule::Suggestion, from: &Draw<'_>) -> SuggestionRow {
    let known = scheme::find(told.scheme.as_str());
    let how = known.map(|scheme| match from.language {
        "ja" => scheme.register.ja.clone(),
        _ => scheme.register.en.clone(),
    });
    SuggestionRow {
        scheme: told.scheme.as_str().to_owned(),
        scheme_name: told.scheme.name().to_owned(),
        channels: told.channels.iter().map(|&channel| channel.into()).collect(),
        how_to_register: how.unwrap_or_default(),
        source: told.source.into(),
    }
}

fn freshness(from: &Draw<'_>) -> Freshness {
    let oldest: Option<Timestamp> =
        from.registered.iter().filter_map(|held| held.balance).map(|balance| balance.as_of).min();
    let age = |as_of| u64::try_from(from.ask.now.millis_since(as_of) / 1_000).unwrap_or(0);
    Freshness {
        server: from.server,
        balances_as_of_ms: oldest.map(|as_of| as_of.0),
        balances_age_s: oldest.map(age),
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

impl From<Reason> for WhyNot {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::StoreDoesNotTake => Self::StoreDoesNotTake,
            Reason::ChannelNotOffered => Self::ChannelNotOffered,
            Reason::Expired => Self::Expired,
            Reason::Blocked => Self::Blocked,
            Reason::BalanceTooLow => Self::BalanceTooLow,
            Reason::BelowMinimum => Self::BelowMinimum,
            Reason::LimitReached => Self::LimitReached,
            Reason::PhoneLacksNfc => Self::PhoneLacksNfc,
            Reason::OperatorDown => Self::OperatorDown,
            Reason::StoreListUnknown => Self::StoreListUnknown,
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
            Source::Register => Self::Register,
            Source::OpenStreetMap => Self::OpenStreetMap,
            Source::Code => Self::Code,
            Source::Generated => Self::Generated,
        }
    }
}
