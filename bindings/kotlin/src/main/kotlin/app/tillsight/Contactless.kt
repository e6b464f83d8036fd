package app.tillsight

/** The payment page was opened or closed: while it is closed a reader gets nothing. */
public fun Wallet.paymentOpen(open: Boolean): Unit = translated { core.paymentOpen(open) }

/**
 * What to answer a reader's command (an APDU); always an answer, with a status word. Asks nobody, so that a service can
 * call it on its own thread.
 *
 * @param unlocked whether the person has unlocked the phone.
 */
public fun Wallet.answerReader(command: ByteArray, unlocked: Boolean): ByteArray =
    translated { core.answerReader(command, unlocked) }

/** The phone has left the reader's field. */
public fun Wallet.readerLeft(): Unit = translated { core.readerLeft() }
