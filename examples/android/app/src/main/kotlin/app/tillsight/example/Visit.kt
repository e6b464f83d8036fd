package app.tillsight.example

import android.content.Context
import android.os.Build
import app.tillsight.ChoiceKind
import app.tillsight.MemberAsk
import app.tillsight.Notice
import app.tillsight.Remedy
import app.tillsight.SettlementScreen
import app.tillsight.Wallet
import app.tillsight.WalletConfig
import app.tillsight.WalletException
import app.tillsight.android.AndroidKeyStore
import app.tillsight.android.CameraPlanes
import app.tillsight.android.NoticeChannel
import app.tillsight.android.NoticePoster
import app.tillsight.android.NoticeText
import app.tillsight.android.PermissionState
import app.tillsight.android.Permissions
import app.tillsight.android.Sensing
import app.tillsight.example.member.Membership
import app.tillsight.example.member.Paying
import app.tillsight.example.ui.Taps
import app.tillsight.example.words.NoticeWords
import app.tillsight.notices
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/**
 * One wallet, what it senses while the app is visible, and what the person can do about a refusal.
 *
 * @param scope what the person began ends with it, and not with a screen.
 */
class Visit private constructor(
    private val context: Context,
    val wallet: Wallet,
    private val scope: CoroutineScope,
) : Taps {
    val screens: StateFlow<SettlementScreen> = wallet.screens
    val planes = CameraPlanes(wallet)
    val membership = Membership(context, wallet, scope)
    val paying = Paying(wallet, context.filesDir.resolve("receipts"), scope)
    private val latest = MutableStateFlow<Remedy?>(null)
    private val sensing = Mutex()

    init {
        val poster = NoticePoster(context, android.R.drawable.ic_dialog_info, Said)
        scope.launch { wallet.notices().collect { poster.post(it) } }
    }

    /** What the person can do about the last refusal of something the person did. */
    val remedy: StateFlow<Remedy?> = latest.asStateFlow()

    /**
     * Senses until the caller's coroutine is cancelled. The one before ends first, so that its closing
     * of the screen never comes after this one's opening.
     */
    suspend fun sense(): Unit = sensing.withLock {
        val hasNfc = Permissions(context).nfc() == PermissionState.READY
        wallet.ask(MemberAsk(null, null, ChoiceKind.ALL, hasNfc))
        try {
            wallet.screenOpened()
            Sensing(context, wallet).run()
        } finally {
            withContext(NonCancellable) { wallet.screenClosed() }
        }
    }

    override fun logIn(userId: String, password: String) = tell { wallet.logIn(userId, password) }

    override fun choose(store: String) = tell { wallet.choose(store) }

    override fun deny(store: String) = tell { wallet.deny(store) }

    override fun register(scheme: String, linkCode: String) = tell { wallet.register(scheme, linkCode) }

    override fun pay(method: String) = paying.begin(method)

    override fun refresh() = tell { wallet.refresh() }

    /** What a picture led to; a code that is refused is something the person did. */
    fun seen(refused: WalletException?) {
        latest.value = refused?.remedy
    }

    private fun tell(call: suspend () -> Unit) {
        scope.launch {
            latest.value = try {
                call()
                null
            } catch (error: WalletException) {
                error.remedy
            }
        }
    }

    /** In the language of the moment it is said in. */
    private object Said : NoticeText {
        private val words get() = NoticeWords(Locale.getDefault())

        override fun channel(channel: NoticeChannel): String = when (channel) {
            NoticeChannel.DOOR -> words.doors
            NoticeChannel.MONEY -> words.money
        }

        override fun title(notice: Notice): String = words.title(notice)

        override fun text(notice: Notice): String = words.text(notice)
    }

    companion object {
        suspend fun open(context: Context, scope: CoroutineScope): Visit {
            val config = WalletConfig(
                folder = context.filesDir.resolve("wallet").apply { mkdirs() }.path,
                serverUrl = BuildConfig.WALLET_SERVER,
                rootKey = BuildConfig.WALLET_ROOT_KEY,
                language = Locale.getDefault().language,
                deviceName = Build.MODEL,
                app = "Tillsight example",
            )
            return Visit(context, Wallet.open(config, AndroidKeyStore(context)), scope)
        }
    }
}
