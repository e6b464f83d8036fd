package app.tillsight

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/**
 * The screen of the member's newest payment, and every newer one: what a call returned, and what became
 * of the payment; null while this phone has none. After the app was killed it tells how the payment ended.
 */
public val Wallet.paymentScreens: StateFlow<PaymentScreen?> get() = newest.payment.asStateFlow()

/**
 * The payment screen drawn anew; null while this phone has no payment.
 *
 * @throws WalletException.StorageUnusable what was begun cannot be read.
 */
public suspend fun Wallet.payment(): PaymentScreen? {
    val screen = call { core.payment() }
    if (screen == null) newest.payment.value = null else newest.show(screen)
    return screen
}

/**
 * Begins to pay what the payment code scanned last asks for, with an active method of the settlement
 * screen. Nothing is paid until the member agrees ([approvePayment]) to what the screen then shows: payee
 * and amount in the server's words. Make the id of `ask` when the code is shown
 * (`UUID.randomUUID().toString()`). The same id again, and the same code while it is being paid or once it
 * is, give the payment there is. Waits for the server, a few seconds at most; while it has not answered the
 * state is `AWAITED`, and [paymentScreens] tells more.
 *
 * @throws WalletException.PaymentRefused it cannot be begun like this.
 * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
 * @throws WalletException.StorageUnusable it cannot be written down, so it is not sent.
 */
public suspend fun Wallet.beginPayment(ask: PaymentAsk): PaymentScreen =
    call { core.beginPayment(ask) }.also(newest::show)

/**
 * Begins a payment by a code that this phone shows to a till, with a registered method that pays so. Draw
 * [ShownCode.rows] of the screen's `code`, turn the brightness up while `bright` is true, and count down to
 * `untilMs`. Once a till has charged the code, [paymentScreens] tells payee and amount, and the member agrees
 * ([approvePayment]). Make the id of `ask` when the page opens (`UUID.randomUUID().toString()`). The same id
 * again, and a second tap for the same method, give the payment there is; a code whose time is over
 * (`EXPIRED`) is renewed by a new id. Waits for the server, a few seconds at most.
 *
 * @throws WalletException.PaymentRefused it cannot be begun like this.
 * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
 * @throws WalletException.StorageUnusable it cannot be written down, so it is not sent.
 */
public suspend fun Wallet.showPaymentCode(ask: PaymentAsk): PaymentScreen =
    call { core.showPaymentCode(ask) }.also(newest::show)

/**
 * Begins a payment by holding this phone to a till's reader, with a registered method that pays so: as
 * [showPaymentCode], but the code goes over the air, while [paymentOpen] says that the page is open and the phone is
 * unlocked. `ReaderService` answers the reader.
 *
 * @throws WalletException.PaymentRefused it cannot be begun like this; `NO_CONTACTLESS` where `MemberAsk` says that the
 *   phone has no NFC.
 * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
 * @throws WalletException.StorageUnusable it cannot be written down, so it is not sent.
 */
public suspend fun Wallet.holdToReader(ask: PaymentAsk): PaymentScreen =
    call { core.holdToReader(ask) }.also(newest::show)

/**
 * The member agrees to the payee, the amount and the method as the screen shows them, by the settlement
 * code, which is not kept. A second call for the same payment sends nothing. Where the answer is lost the
 * state is `UNKNOWN`, and [paymentScreens] tells what became of it: the code is not sent again by itself.
 *
 * @throws WalletException.PaymentRefused the settlement code is wrong or locked; nothing was paid.
 * @throws WalletException.NotLoggedIn the session has ended; nothing was paid.
 */
public suspend fun Wallet.approvePayment(id: String, settlementCode: String): PaymentScreen =
    call { core.approvePayment(id, settlementCode) }.also(newest::show)

/**
 * Has this device agree to payments by a P-256 key of the key store from now on, confirmed by the settlement
 * code. `publicKey` is `keyPair.public.encoded`. Make the key in `AndroidKeyStore` with
 * `setUserAuthenticationRequired(true)`, so that each signature needs the person.
 *
 * @throws WalletException.RequestRefused nothing was changed.
 * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
 * @throws WalletException.ServerAway the server did not answer.
 */
public suspend fun Wallet.setApprovalKey(publicKey: ByteArray, settlementCode: String): Unit =
    call { core.setApprovalKey(publicKey, settlementCode) }

/** Has this device agree by the settlement code alone again; throws as [setApprovalKey]. */
public suspend fun Wallet.forgetApprovalKey(): Unit = call { core.forgetApprovalKey() }

/**
 * Up to how much an unlocked phone is the member's agreement, on `CODE` and `CONTACTLESS`: nothing at first.
 *
 * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
 * @throws WalletException.ServerAway the server did not answer.
 */
public suspend fun Wallet.unlockLimit(): UnlockLimit = call { core.unlockLimit() }

/**
 * Sets it, confirmed by the settlement code; throws as [setApprovalKey]. Show a code, or hold the phone to a reader,
 * only once the person has unlocked the phone.
 */
public suspend fun Wallet.setUnlockLimit(limit: UnlockLimit, settlementCode: String): Unit =
    call { core.setUnlockLimit(limit, settlementCode) }

/**
 * Lets a new device of the account screen pay, which otherwise waits for a day (`DEVICE_TOO_NEW`); throws as
 * [setApprovalKey].
 */
public suspend fun Wallet.agreeToDevice(id: String, settlementCode: String): Unit =
    call { core.agreeToDevice(id, settlementCode) }

/**
 * What the device's key signs (`SHA256withECDSA`) to agree to the payment of this id as its screen shows it, good
 * for two minutes; null while there is nothing to agree to.
 *
 * @throws WalletException.PaymentRefused this phone has no such payment.
 */
public suspend fun Wallet.approvalToSign(id: String): ApprovalToSign? = call { core.approvalToSign(id) }

/**
 * As [approvePayment], proven by the signature of the device's key over what [approvalToSign] gave for `atMs`.
 *
 * @throws WalletException.PaymentRefused `KEY_REFUSED`: agree by the settlement code; nothing was paid.
 * @throws WalletException.NotLoggedIn the session has ended; nothing was paid.
 */
public suspend fun Wallet.approvePaymentSigned(id: String, atMs: Long, signature: ByteArray): PaymentScreen =
    call { core.approvePaymentSigned(id, ApprovalSignature(atMs, signature)) }.also(newest::show)

/**
 * The receipt of a payment by its id: signed by the wallet company and proven on this phone, with what was given back
 * so far. Keep it, or hand it on: `json` is what was signed, `page` is HTML to print. Neither needs a server.
 *
 * @throws WalletException.RequestRefused `NOT_PAID`, or there is no such payment.
 * @throws WalletException.ServerAway the server did not answer, or what it answered proves nothing.
 */
public suspend fun Wallet.receipt(id: String): ReceiptFiles = call { core.receipt(id) }

/**
 * Gives a payment up that the member has not agreed to.
 *
 * @throws WalletException.PaymentRefused the member has agreed: the cashier can give the money back.
 */
public suspend fun Wallet.cancelPayment(id: String): PaymentScreen =
    call { core.cancelPayment(id) }.also(newest::show)
