package app.tillsight.ui.member

import app.tillsight.AccountScreen
import app.tillsight.DepositAsk
import app.tillsight.DepositScreen
import app.tillsight.HistoryRow
import app.tillsight.JoinAsk
import app.tillsight.MethodAsk
import app.tillsight.MethodsScreen
import app.tillsight.PositionUse
import app.tillsight.ProfileAsk
import app.tillsight.SecretKind
import app.tillsight.ServerState
import app.tillsight.UnlockLimit
import app.tillsight.Wallet
import app.tillsight.WalletException
import app.tillsight.agreeToDevice
import app.tillsight.clearPositionUses
import app.tillsight.operators
import app.tillsight.positionUses
import app.tillsight.requestEmail
import app.tillsight.setUnlockLimit
import app.tillsight.ui.AccountTaps
import app.tillsight.ui.CodeFor
import app.tillsight.ui.MethodTaps
import app.tillsight.ui.MoneyTaps
import app.tillsight.ui.Page
import app.tillsight.unlockLimit
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.withContext

/** The history as far as it was fetched. */
data class History(val rows: List<HistoryRow> = emptyList(), val after: String? = null)

/**
 * What the member does on the pages of forms, and what came of it.
 *
 * @param folder the app's own, for the data that the member exports and for which code is waited for.
 * @param scope what the person began ends with it, and not with a page.
 */
class Membership(
    private val folder: File,
    private val wallet: Wallet,
    scope: CoroutineScope,
) : MoneyTaps, MethodTaps, AccountTaps {
    private val newestAccount = MutableStateFlow<AccountScreen?>(null)
    private val newestMethods = MutableStateFlow<MethodsScreen?>(null)
    private val allowed = MutableStateFlow<UnlockLimit?>(null)
    private val named = MutableStateFlow(emptyList<String>())
    private val used = MutableStateFlow(emptyList<PositionUse>())
    private val fetched = MutableStateFlow(History())
    private val tell = Telling(scope)

    private val kept = AwaitedCode(folder.resolve("awaited-code"))

    val deposits: StateFlow<DepositScreen> = wallet.depositScreens
    val account: StateFlow<AccountScreen?> = newestAccount.asStateFlow()
    val methods: StateFlow<MethodsScreen?> = newestMethods.asStateFlow()

    /** Up to how much an unlocked phone pays without asking; null while that is not known. */
    val limit: StateFlow<UnlockLimit?> = allowed.asStateFlow()

    /** What told somebody where this phone is, the newest first. */
    val uses: StateFlow<List<PositionUse>> = used.asStateFlow()

    /** The companies whose accounts and cards can be linked. */
    val operators: StateFlow<List<String>> = named.asStateFlow()
    val history: StateFlow<History> = fetched.asStateFlow()

    /** Why the last thing the person did came to nothing. */
    val refused: StateFlow<WalletException?> = tell.refused

    /** What the code is for that is waited for. */
    val awaited: StateFlow<CodeFor?> = kept.what

    /** A page was opened: what it shows is fetched. */
    fun open(page: Page) = tell {
        when (page) {
            Page.HERE, Page.PAYMENT -> Unit
            Page.DEPOSIT -> wallet.deposits()
            Page.HISTORY -> fetched.value = page(null, emptyList())
            Page.METHODS -> {
                newestMethods.value = wallet.methods()
                named.value = wallet.operators()
            }
            Page.ACCOUNT -> {
                used.value = wallet.positionUses()
                val account = wallet.account()
                newestAccount.value = account
                allowed.value = if (account.server == ServerState.LIVE) wallet.unlockLimit() else null
            }
        }
    }

    override fun deposit(ask: DepositAsk) = tell { wallet.deposit(ask) }

    override fun moreHistory() = tell {
        val (rows, after) = fetched.value
        fetched.value = page(after, rows)
    }

    private suspend fun page(after: String?, before: List<HistoryRow>): History =
        wallet.history(after).let { History(before + it.rows, it.after) }

    override fun change(method: String, ask: MethodAsk) = tell { newestMethods.value = wallet.changeMethod(method, ask) }

    override fun remove(method: String) = tell { newestMethods.value = wallet.removeMethod(method) }

    override fun link(scheme: String, linkCode: String) = tell {
        wallet.register(scheme, linkCode)
        newestMethods.value = wallet.methods()
    }

    override fun logIn(userId: String, password: String) = tell {
        wallet.logIn(userId, password)
        kept.keep(null)
        newestAccount.value = wallet.account()
    }

    override fun join(ask: JoinAsk) = tell { kept.keep(CodeFor.JOIN, wallet.join(ask)) }

    override fun confirmJoin(code: String) = tell {
        wallet.confirmJoin(kept.id(), code)
        kept.keep(null)
    }

    override fun forgotPassword(userId: String) = tell {
        kept.keep(CodeFor.RESET, wallet.requestReset(userId, SecretKind.PASSWORD))
    }

    override fun resetPassword(code: String, new: String) = tell {
        wallet.reset(kept.id(), code, new)
        kept.keep(null)
    }

    override fun changeProfile(ask: ProfileAsk, password: String) =
        tell { newestAccount.value = wallet.changeProfile(ask, password) }

    override fun changeEmail(email: String, password: String) =
        tell { kept.keep(CodeFor.EMAIL, wallet.requestEmail(email, password)) }

    override fun confirmEmail(code: String) = tell {
        newestAccount.value = wallet.confirmEmail(kept.id(), code)
        kept.keep(null)
    }

    override fun logOut() = tell {
        wallet.logOut()
        newestAccount.value = wallet.account()
    }

    override fun logOutDevice(device: String) = tell { newestAccount.value = wallet.logOutDevice(device) }

    override fun changeSecret(kind: SecretKind, present: String, new: String) =
        tell { wallet.changeSecret(kind, present, new) }

    override fun setUnlockLimit(limit: UnlockLimit, settlementCode: String) = tell {
        wallet.setUnlockLimit(limit, settlementCode)
        allowed.value = wallet.unlockLimit()
    }

    override fun agreeToDevice(device: String, settlementCode: String) =
        tell { wallet.agreeToDevice(device, settlementCode) }

    override fun clearPositionUses() = tell {
        wallet.clearPositionUses()
        used.value = wallet.positionUses()
    }

    /** Into the app's own folder, where the person's file manager and backups do not see it by themselves. */
    override fun export() = tell {
        val data = wallet.exportData()
        withContext(Dispatchers.IO) { folder.resolve("my-data.json").writeText(data) }
    }

    override fun leave(password: String) = tell {
        wallet.leave(password)
        newestAccount.value = wallet.account()
    }
}
