package app.tillsight

/** The room that the wallet's files take on this phone. */
public suspend fun Wallet.storageUse(): StorageUse = call { core.storageUse() }
