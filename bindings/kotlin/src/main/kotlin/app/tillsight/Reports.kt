package app.tillsight

/**
 * Says what happened in a store with a method of the screen; of [ReportKind.CASH_ONLY] any method. This phone's screens
 * say so at once. Others are told an hour to a day later, by a report without a time, a place or a member, and only
 * with what other members say: at most five a day, and none of a store where the phone is on most days.
 *
 * @throws WalletException.SignalRefused this phone does not know the store.
 * @throws WalletException.RequestRefused the method is not registered.
 * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
 */
public suspend fun Wallet.report(storeId: String, methodId: String, kind: ReportKind): SettlementScreen =
    shown { core.report(storeId, methodId, kind) }
