//! The records an app draws. They cross to Kotlin and Swift, so they are flat, hold no domain
//! types, and every list is already in the order to show.

use serde::{Deserialize, Serialize};

use super::{reason::WhyNot, storage::StorageWarning};

/// Everything the settlement screen shows. Also the JSON that the harness and the scenarios print:
/// keys are these names, absent values are `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct SettlementScreen {
    /// How sure it is which store this is.
    pub place: Place,
    /// The store when `place` is `here`, else the likeliest; `None` when none is known nearby.
    pub store: Option<StoreHead>,
    /// What speaks for the store shown.
    pub evidence: Vec<Evidence>,
    /// Other stores still in question, the likeliest first (the one shown left out), at most four.
    pub candidates: Vec<CandidateRow>,
    /// While the store is in question: the one question whose answer settles most rows.
    pub question: Option<StoreQuestion>,
    /// Set when a code says one store and position or radio another.
    pub alarm: Option<Alarm>,
    /// What the code scanned last says of itself, while it counts.
    pub code: Option<CodeNote>,
    /// Methods that work here, best first.
    pub active: Vec<MethodRow>,
    /// Methods that probably work here, best first: usable like the active ones.
    pub likely: Vec<MethodRow>,
    /// Methods that may work, the likeliest first, those that likely do not at the end; never to be
    /// greyed: it depends on which store it is, or nobody said.
    pub unsure: Vec<MethodRow>,
    /// Methods that do not work here, each with the reason; to be marked with an x.
    pub inactive: Vec<MethodRow>,
    /// Usable methods that the member's choice (most used, largest balance) left out of `active` and `likely`.
    pub active_not_chosen: u32,
    /// When nothing is likelier than not to work: what is taken here, and how to register it.
    pub suggestions: Vec<SuggestionRow>,
    /// Nothing at all is known of what the store takes.
    pub store_list_unknown: bool,
    /// How old what is shown is, and whether the server has been heard.
    pub freshness: Freshness,
    /// What ails the phone's own storage, the gravest first.
    #[uniffi(default = [])]
    pub storage: Vec<StorageWarning>,
    /// Attributions that must be visible with it, for instance "© OpenStreetMap contributors".
    pub attributions: Vec<String>,
    /// When it was drawn, milliseconds since 1970.
    pub drawn_at_ms: i64,
    /// Counts the wallet's drawings: of two screens the one with the larger number is newer, also
    /// when an answer and a listener's screen of one millisecond cross on their way. Says nothing of
    /// what is shown, so it is not in the JSON.
    #[serde(skip)]
    pub revision: u64,
}

/// How sure the judgement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A strong sign names this one store.
    Here,
    /// One of the stores in question; the screen holds for all of them.
    Choose,
    /// No known store is near.
    Nowhere,
}

/// What speaks for a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The phone's position.
    Position,
    /// A store beacon heard.
    Beacon,
    /// A store code whose signature holds.
    SignedCode,
    /// A store code that anyone could have made.
    UnsignedCode,
    /// The phone is joined to the store's Wi-Fi.
    JoinedWifi,
    /// An access point of the store was heard.
    Wifi,
    /// A tag of the store.
    Nfc,
    /// The member's own choice.
    Chosen,
    /// The member was there before.
    Habit,
    /// The position was made by a simulator or a test tool: the wallet was told to accept that.
    SimulatedPosition,
}

/// A store as a heading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct StoreHead {
    /// UUID, lower case with hyphens.
    pub id: String,
    /// As on the sign; empty when the source names none: then show the industry.
    pub name: String,
    /// What it sells, in the source's words (`shop=books`).
    pub industry: String,
    /// Street, postal code, city in one line; empty when unknown.
    pub address: String,
    /// Empty when unknown.
    pub phone: String,
    /// The floor as the source wrote it; empty when unknown.
    pub level: String,
    /// Metres from the phone, when its position is known.
    pub distance_m: Option<u32>,
}

/// A store the member may choose instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct CandidateRow {
    /// The store.
    pub store: StoreHead,
    /// How likely it is, per cent of all that is in question.
    pub percent: u8,
}

/// "Are you in Bar Stella?" A yes is the call that chooses the store, a no the one that denies it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct StoreQuestion {
    /// The store asked about: the likeliest, or another one that would tell more.
    pub store: StoreHead,
    /// How many methods that are unsure a yes settles.
    pub settles: u32,
}

/// A code and the surroundings contradict each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Alarm {
    /// The name of the store the code says.
    pub code_says: String,
    /// The name of the store position and radio say; empty when they only say "not there".
    pub surroundings_say: String,
}

/// What a scanned code says of itself. All of it is a claim of whoever made the code, but for a
/// store code that is proven.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct CodeNote {
    /// What it is.
    pub kind: SignKind,
    /// Whom it pays, as it says; empty when it does not.
    pub payee: String,
    /// What it asks for, or what the member typed; the screen is drawn for this amount.
    pub amount: Option<Amount>,
    /// The most that the member may type ([`Wallet::ask`](crate::Wallet::ask)), in the till's currency,
    /// where the code names no amount and may be paid by.
    pub typed_up_to: Option<Amount>,
    /// What people call the schemes it can be paid by, as far as they are known.
    pub schemes: Vec<String>,
    /// What deserves a second look, the most serious first.
    pub warnings: Vec<CodeWarning>,
}

/// What was scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum SignKind {
    /// The store code that hangs on the counter.
    StoreCode,
    /// The store's code for one payment.
    PaymentCode,
    /// A merchant-presented code (EMVCo): QRIS, PayNow, PromptPay, Pix, JPQR and others.
    MerchantCode,
    /// A UPI link.
    UpiLink,
    /// A GS1 link to a place.
    Gs1Link,
    /// A link that only a scheme's own app opens.
    SchemeLink,
    /// A bank transfer (GiroCode, Swiss QR bill).
    BankTransfer,
}

/// What about a code deserves a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum CodeWarning {
    /// The phone is not where the code was signed for: it was carried or sent here.
    FarFromItsPlace,
    /// It pays into a person's account: not what hangs on a store's counter.
    PersonalAccount,
    /// A forgery: no key of the register signed it. Nothing is to be paid by it.
    Forged,
    /// Its signature is by a key that this phone does not know yet; the keys could not be asked for.
    NotProven,
    /// It breaks rules of its own kind, as many genuine ones do.
    NotAsSpecified,
    /// It names another country than that of the stores here.
    OtherCountry,
    /// It names another postal code than those of the stores here.
    OtherPostalCode,
    /// It names another city than that of the stores here.
    OtherCity,
}

/// One registered method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct MethodRow {
    /// The wallet server's id of it.
    pub id: String,
    /// As the member knows it.
    pub name: String,
    /// What it draws on.
    pub kind: KindOfMethod,
    /// How it stands here.
    pub state: MethodState,
    /// How likely it works here.
    pub chance: Chance,
    /// Why not, or why it is not sure; `None` where that depends on which store it is.
    pub reason: Option<WhyNot>,
    /// What is left on it; `None` when it was never learnt.
    pub balance: Option<Amount>,
    /// When that was true, milliseconds since 1970.
    pub balance_as_of_ms: Option<i64>,
    /// The way it works here, or in those of the stores in question that take it.
    pub by: Option<TakenBy>,
    /// What the chance rests on.
    pub basis: MethodBasis,
}

/// How likely something is, per mille, as a range: a store of which nothing is known counts as no for
/// the low end and as yes for the high end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct Chance {
    /// 0 to 1000.
    pub low: u16,
    /// 0 to 1000, never less than `low`.
    pub high: u16,
}

/// What a method's chance rests on: "4 of the 5 stores here take it", who says so, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct MethodBasis {
    /// How many stores are in question: 1 once it is settled which.
    pub stores: u32,
    /// How many of them take it, or likely do.
    pub take: u32,
    /// How many of them do not, or likely do not.
    pub refuse: u32,
    /// Who says so, over several stores the least trustworthy; of those that take it, else of those
    /// that do not. `None` when nobody does, or it is the method itself that does not work.
    pub source: Option<SourceKind>,
    /// When that was true, over several stores the oldest, milliseconds since 1970.
    pub as_of_ms: Option<i64>,
}

/// How a method stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum MethodState {
    /// It works here: with at least 95 %, by what was said or seen.
    Active,
    /// It works here with at least 75 %.
    Likely,
    /// It may work.
    Unsure,
    /// It works here with at most 25 %; usable all the same.
    LikelyNot,
    /// It does not work here: at most 5 %, or not by itself.
    Inactive,
}

/// What a method draws on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum KindOfMethod {
    /// The wallet's own balance.
    ElectronicMoney,
    /// An account at a bank.
    BankAccount,
    /// A credit card.
    CreditCard,
    /// Another company's code-payment application.
    CodePayment,
}

/// How something is paid at the till.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Hold the phone to the till.
    Contactless,
    /// Scan the store's code.
    Scan,
    /// Let the store scan the phone's code.
    Code,
}

/// Who says that a store takes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The store itself.
    Store,
    /// Payments that members of the network made there.
    Settlement,
    /// A file given to the register.
    Register,
    /// OpenStreetMap.
    OpenStreetMap,
    /// A payment code on the counter, which anyone could have printed.
    Code,
    /// What members who were there report.
    Members,
    /// The member's own experience.
    Own,
    /// It follows from what is said of another scheme of the store.
    Sibling,
    /// Stores of chains take it.
    Chain,
    /// Stores of its kind in its country take it.
    Country,
    /// Made up for trials.
    Generated,
}

/// The way a method works here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct TakenBy {
    /// The scheme's short name (`visa`).
    pub scheme: String,
    /// What people call it.
    pub scheme_name: String,
    /// How at the till.
    pub channel: ChannelKind,
    /// Who says so.
    pub source: SourceKind,
    /// When that was true, milliseconds since 1970.
    pub as_of_ms: i64,
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Amount {
    /// In the minor unit.
    pub minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Decimals of the currency, for the app's own formatting.
    pub decimals: u8,
    /// `12.50 EUR`.
    pub text: String,
}

/// A scheme the store takes that could be registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct SuggestionRow {
    /// The scheme's short name.
    pub scheme: String,
    /// What people call it.
    pub scheme_name: String,
    /// How it is done at the till here.
    pub channels: Vec<ChannelKind>,
    /// How to register it, in the wallet's language; empty for a scheme newer than this build.
    pub how_to_register: String,
    /// How likely it is taken here.
    pub chance: Chance,
    /// Who says that the store takes it.
    pub source: SourceKind,
}

/// How old what is shown is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Freshness {
    /// Whether the wallet server has been heard for this screen.
    pub server: ServerState,
    /// When the balances were true, the oldest of them, milliseconds since 1970.
    pub balances_as_of_ms: Option<i64>,
    /// Age of that when the screen was drawn, seconds.
    pub balances_age_s: Option<u64>,
    /// When the register last vouched for the stores shown, the oldest of them, milliseconds since
    /// 1970; `None` while it vouches for all of them.
    #[uniffi(default = None)]
    pub stores_as_of_ms: Option<i64>,
    /// Age of that when the screen was drawn, seconds: to be said, the stores may have changed.
    #[uniffi(default = None)]
    pub stores_age_s: Option<u64>,
}

/// Whether the wallet server has been heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum ServerState {
    /// Its answer is still awaited: this is what the phone knew.
    Awaited,
    /// The balances are what the server says now.
    Live,
    /// It gave no usable answer: this is what the phone knew.
    Away,
    /// Nobody is logged in.
    LoggedOut,
}
