package app.tillsight

/**
 * What each of the stores in question says of a method, the one that the screen shows first; one store once it is
 * settled which, none where no store is near. Waits for nothing but the phone's own disk.
 *
 * @throws WalletException.RequestRefused the method is not registered.
 */
public suspend fun Wallet.why(methodId: String): List<StoreSays> = call { core.why(methodId) }
