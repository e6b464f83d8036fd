package app.tillsight.ui.member

import android.content.Context
import android.os.Build
import app.tillsight.Notice
import app.tillsight.Wallet
import app.tillsight.WalletConfig
import app.tillsight.android.AndroidKeyStore
import app.tillsight.android.NoticeChannel
import app.tillsight.android.NoticePoster
import app.tillsight.android.NoticeText
import app.tillsight.android.PermissionState
import app.tillsight.android.Permissions
import app.tillsight.android.Sensing
import app.tillsight.notices
import app.tillsight.ui.words.NoticeWords
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch

/**
 * Opens this app's wallet and what its pages show, and posts its notices from now on.
 *
 * @param rootKey of the company, as `WalletConfig` says.
 * @param app how the member's list of devices names this app.
 * @param icon beside a notice, one of the app's drawables.
 * @param scope what the person began ends with it, and not with a screen.
 * @throws app.tillsight.WalletException as `Wallet.open` says.
 */
suspend fun openVisit(
    context: Context,
    serverUrl: String,
    rootKey: String,
    app: String,
    scope: CoroutineScope,
    icon: Int = android.R.drawable.ic_dialog_info,
): Visit {
    val config = WalletConfig(
        folder = context.filesDir.resolve("wallet").apply { mkdirs() }.path,
        serverUrl = serverUrl,
        rootKey = rootKey,
        language = Locale.getDefault().language,
        deviceName = Build.MODEL,
        app = app,
    )
    val wallet = Wallet.open(config, AndroidKeyStore(context))
    val poster = NoticePoster(context, icon, Said)
    scope.launch { wallet.notices().collect { poster.post(it) } }
    val hasReader = { Permissions(context).nfc() == PermissionState.READY }
    return Visit(wallet, context.filesDir, scope, hasReader) { Sensing(context, wallet).run() }
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
