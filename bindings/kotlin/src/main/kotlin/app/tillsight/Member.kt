package app.tillsight

/**
 * Logs in by a token of the company's own log-in, for a wallet company that has one: the app fetched it
 * there. The session is bound to this phone as that of a password.
 *
 * @throws WalletException.LoginRefused the token is not good, or nobody's.
 * @throws WalletException.ServerAway the server gave no usable answer.
 */
public suspend fun Wallet.logInProvided(token: String) {
    call { core.logInProvided(token) }
    drawAnew()
}

/**
 * Asks for a code at another e-mail address, confirmed by the password. Returns the id that goes back with
 * the code to [Wallet.confirmEmail] within a quarter of an hour; keep it, the person may leave the app to read the
 * code.
 *
 * @throws WalletException.RequestRefused the password is wrong, or the address is not fit.
 */
public suspend fun Wallet.requestEmail(email: String, password: String): String =
    call { core.requestEmail(email, password) }

/**
 * The names of the operators whose accounts and cards can be linked. Where there are several, a link code is
 * given to [Wallet.register] with one of them and a colon before it. Waits for the server; nobody need be
 * logged in.
 *
 * @throws WalletException.ServerAway the server gave no usable answer.
 */
public suspend fun Wallet.operators(): List<String> = call { core.operators() }
