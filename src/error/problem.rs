//! What exactly is wrong, kind by kind: closed lists that cross to Kotlin and Swift.

/// What is wrong with a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum ConfigProblem {
    /// No root key was given: nothing the wallet server says of stores could be believed.
    RootKeyMissing,
    /// The root key is not 64 hexadecimal digits, or they are no Ed25519 public key.
    RootKeyMalformed,
}

/// Why a tile or the list of keys is not believed. What the phone had before stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum SignatureProblem {
    /// It is not signed.
    Missing,
    /// What should be the signature is none.
    Malformed,
    /// It is signed with a key that the root key or the list of keys does not know.
    UnknownKey,
    /// It is signed with a key that was revoked.
    RevokedKey,
    /// The key did not sign this: it was changed on the way, or belongs elsewhere.
    NotGenuine,
    /// It is older than the one the phone has.
    RolledBack,
}

/// What is wrong with what a deposit was asked for with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum DepositProblem {
    /// The id is no UUID.
    IdMalformed,
    /// The id was used for another deposit: make a new one.
    IdUsed,
    /// The source is none of the deposit screen's.
    SourceUnknown,
    /// The amount is zero or less.
    AmountNotPositive,
    /// The currency is no ISO 4217 code.
    CurrencyUnknown,
    /// Too many are under way: wait until they have ended.
    TooMany,
}

/// Why a payment is not begun, agreed to or given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum PaymentProblem {
    /// The id is no UUID.
    IdMalformed,
    /// The id was used for another payment: make a new one.
    IdUsed,
    /// No payment code was scanned lately, or the one that was is over.
    NoPaymentCode,
    /// It is not proven that the register made the code.
    CodeNotProven,
    /// The phone is not where the code was signed for: it was carried or sent here.
    CodeFarFromItsPlace,
    /// The method is none of those that work here.
    MethodNotActive,
    /// The code names no amount: say how much, in the store's currency.
    AmountMissing,
    /// By a code that names no amount less is paid: ask the cashier for the code of this payment.
    AmountTooHigh,
    /// Whether the code hangs in its place is not known, and it names no amount: let the phone find its
    /// position.
    PlaceUnknown,
    /// Another payment has not ended: give it up, or wait until it is known how it ended.
    UnderWay,
    /// This phone has no payment of this id.
    NotFound,
    /// The settlement code is wrong; nothing was paid.
    WrongCode,
    /// Too many settlement codes were wrong; nothing was paid.
    TooManyTries,
    /// The settlement code was wrong too often and is locked: it must be set anew.
    CodeLocked,
    /// The member has no settlement code yet.
    NoSettlementCode,
    /// What the member was shown is not what is to be paid; nothing was paid.
    NotAsShown,
    /// The member has agreed, so it cannot be given up: the cashier can give the money back.
    AlreadyApproved,
    /// Another device showed the code: agree there; nothing was paid.
    OtherDevice,
    /// This device is new, or the settlement code was set anew within a day: wait, or agree on another device
    /// that the device pays; nothing was paid.
    DeviceTooNew,
    /// This phone cannot pay contactless: scan the till's code, or show one.
    NoContactless,
    /// The device's key is not set, or did not sign what was shown within two minutes: agree by the
    /// settlement code; nothing was paid.
    KeyRefused,
}

/// Why what was asked of the account or of a method is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum RequestProblem {
    /// Something entered is too short, too long or not of its kind.
    EntryUnfit,
    /// Another member has the user id: ask again with another.
    UserIdTaken,
    /// The password is soon guessed.
    WeakPassword,
    /// The settlement code is soon guessed.
    WeakSettlementCode,
    /// The code that was sent is another, was used, or is too old: ask for a new one.
    CodeRefused,
    /// The present password or settlement code is wrong.
    WrongSecret,
    /// Too many tries failed.
    TooMany,
    /// The password was reset within a day, so the settlement code cannot be yet; or this device does not pay
    /// yet.
    TooSoon,
    /// The wallet server has no way to send codes.
    NoMessages,
    /// The wallet company put the member in, and changes what is known of them.
    NoProfile,
    /// There is money in a wallet.
    WalletNotEmpty,
    /// A deposit is on its way.
    DepositPending,
    /// The method's operator cannot be reached.
    OperatorDown,
    /// The wallet's own money is no account or card.
    OwnMoney,
    /// The method, the device or the payment is not there, or not any more.
    NotFound,
    /// It is not paid, so there is no receipt.
    NotPaid,
}

/// What is wrong with something sensed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum SignalProblem {
    /// A number of the fix is not a number.
    FixNotANumber,
    /// The fix is not on the earth.
    FixOutOfRange,
    /// The fix does not say how accurate it is, or is too coarse to tell stores apart: ask for the
    /// precise position.
    FixTooCoarse,
    /// The fix was taken after now: one of the clocks is wrong.
    FixFromFuture,
    /// The fix is too old to say where the phone is.
    FixTooOld,
    /// The operating system says that an app made the fix up.
    FixMocked,
    /// The radio frame is cut short or malformed.
    FrameMalformed,
    /// The radio frame is not one of a store's.
    FrameForeign,
    /// The address of an access point is malformed.
    AccessPointMalformed,
    /// The text is no store code.
    TextNoStoreCode,
    /// The text is a payment code of a known kind, but damaged, or breaks its rules beyond doubt.
    CodeMalformed,
    /// The store code's key is revoked or its signature wrong.
    CodeNotGenuine,
    /// The store code is not valid at this time by the server's clock: it is over, or begins later.
    CodeOutOfDate,
    /// The store code is not valid at this time by the phone's clock, which could not be compared
    /// with the server's and may be wrong.
    ClockUnsure,
    /// The camera plane has no pixels, or fewer than a code needs.
    PlaneTooSmall,
    /// The camera plane is larger than a camera gives.
    PlaneTooLarge,
    /// Width, height, stride and length of the camera plane do not belong together.
    PlaneMalformed,
    /// The store chosen is not known to this phone, or the server knows no store of what was sensed.
    StoreUnknown,
    /// Nothing of this kind was sensed in the last two minutes.
    NothingSensed,
}

/// Why the stores of an area were not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum AreaProblem {
    /// It is wider than what is fetched at once: 100 km round a place.
    TooWide,
    /// Its stores take more bytes than the wallet was opened with for stores. What fits may have been kept.
    NoRoom,
}

/// In which way the wallet server failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum ServerProblem {
    /// No server address was given, or no way to reach it is built in.
    NotConfigured,
    /// The server's address is in clear text and not that of the phone itself: the token would be
    /// read on the way.
    ClearText,
    /// No connection.
    Unreachable,
    /// No complete answer in time.
    Timeout,
    /// It answered, but with an error of its own.
    Failing,
    /// It answered with something that is not the wallet server's language.
    Garbled,
    /// It answered with something that the register does not vouch for.
    NotVouched,
}
