package app.tillsight

/**
 * Has the server judge which store this is, by what was sensed in the last two minutes. Only this call tells the server
 * where the member is; it is for an app whose member wants that. Waits for the server.
 *
 * @throws WalletException.SignalRefused nothing of the kind was sensed lately, or the server knows no store of it.
 * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
 * @throws WalletException.ServerAway the server gave no usable answer.
 * @throws WalletException.StorageUnusable the stores it named could not be kept.
 */
public suspend fun Wallet.askServer(by: JudgedBy): SettlementScreen = shown { core.askServer(by) }

/**
 * Every look-up that left the phone and told something of where it is, the newest first, at most the last 200. Kept
 * sealed with the member, without one until the app ends, and forgotten at log-out.
 */
public suspend fun Wallet.positionUses(): List<PositionUse> = call { core.positionUses() }

/**
 * Forgets the look-ups.
 *
 * @throws WalletException.StorageUnusable the vault keeps them; they are forgotten until the app ends.
 */
public suspend fun Wallet.clearPositionUses(): Unit = call { core.clearPositionUses() }
