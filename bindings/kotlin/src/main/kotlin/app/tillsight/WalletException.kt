package app.tillsight

import app.tillsight.core.Advice
import app.tillsight.core.WalletException as CoreException
import app.tillsight.core.InternalException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * Why a call gave no screen. The words for the person are the app's; [remedy] says which.
 *
 * @property retry whether and when the same call may work.
 * @property remedy what the person can do.
 * @property reference names the place that gave up. Safe to log: it holds nothing personal.
 */
public sealed class WalletException(
    public val retry: Retry,
    public val remedy: Remedy,
    public val reference: String,
) : Exception(reference) {

    /** What was sensed cannot be used; the screen before it stands and the next signal is welcome. */
    public class SignalRefused internal constructor(
        public val problem: SignalProblem,
        advice: Advice,
    ) : WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /** User id and password do not belong together, or too many were tried. */
    public class LoginRefused internal constructor(advice: Advice) :
        WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /** No member is logged in, or the session has ended. */
    public class NotLoggedIn internal constructor(advice: Advice) :
        WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /**
     * The link code is not valid, is for another scheme, was used by someone else, or too many were
     * tried.
     */
    public class LinkRefused internal constructor(advice: Advice) :
        WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /** The deposit cannot be asked for like this; nothing was written down and nothing is sent. */
    public class DepositRefused internal constructor(
        public val problem: DepositProblem,
        advice: Advice,
    ) : WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /** The payment cannot be begun, agreed to or given up like this. Nothing was paid by the call. */
    public class PaymentRefused internal constructor(
        public val problem: PaymentProblem,
        advice: Advice,
    ) : WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /** The wallet server does not do what was asked of the account or of a method; nothing was changed. */
    public class RequestRefused internal constructor(
        public val problem: RequestProblem,
        advice: Advice,
    ) : WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /** The stores of an area are not fetched like this: it is too wide, or they take too many bytes. */
    public class AreaRefused internal constructor(
        public val problem: AreaProblem,
        advice: Advice,
    ) : WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /** The wallet server gave no usable answer. What the phone knows is still shown. */
    public class ServerAway internal constructor(
        public val problem: ServerProblem,
        advice: Advice,
    ) : WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /** What the app gave when it opened the wallet cannot be used. */
    public class ConfigRefused internal constructor(
        public val problem: ConfigProblem,
        advice: Advice,
    ) : WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /** The platform's key store is locked: the phone was not unlocked yet. */
    public class KeyStoreLocked internal constructor(advice: Advice) :
        WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)

    /** The phone's storage cannot be written: full, or not permitted. */
    public class StorageUnusable internal constructor(advice: Advice) :
        WalletException(advice.retry.toPublic(), advice.remedy, advice.reference)
}

/** Whether and when to call again. */
public sealed interface Retry {
    /** The same call will fail again. */
    public data object Never : Retry

    /** With the next signal of the same kind. */
    public data object NextSignal : Retry

    /** After this long. */
    public data class After(public val delay: Duration) : Retry
}

private fun app.tillsight.core.Retry.toPublic(): Retry = when (this) {
    is app.tillsight.core.Retry.Never -> Retry.Never
    is app.tillsight.core.Retry.NextSignal -> Retry.NextSignal
    is app.tillsight.core.Retry.After -> Retry.After(ms.toLong().milliseconds)
}

/** Runs [block] and turns the core's errors into this package's. */
internal inline fun <T> translated(block: () -> T): T = try {
    block()
} catch (error: CoreException) {
    throw error.toPublic()
} catch (error: InternalException) {
    throw IllegalStateException("the wallet core failed; please report this", error)
}

internal fun CoreException.toPublic(): WalletException = when (this) {
    is CoreException.Signal -> WalletException.SignalRefused(problem, advice)
    is CoreException.LoginRefused -> WalletException.LoginRefused(advice)
    is CoreException.NotLoggedIn -> WalletException.NotLoggedIn(advice)
    is CoreException.LinkRefused -> WalletException.LinkRefused(advice)
    is CoreException.DepositRefused -> WalletException.DepositRefused(problem, advice)
    is CoreException.PaymentRefused -> WalletException.PaymentRefused(problem, advice)
    is CoreException.RequestRefused -> WalletException.RequestRefused(problem, advice)
    is CoreException.AreaRefused -> WalletException.AreaRefused(problem, advice)
    is CoreException.ServerAway -> WalletException.ServerAway(kind, advice)
    is CoreException.Config -> WalletException.ConfigRefused(problem, advice)
    is CoreException.KeyStoreLocked -> WalletException.KeyStoreLocked(advice)
    is CoreException.Storage -> WalletException.StorageUnusable(advice)
}
