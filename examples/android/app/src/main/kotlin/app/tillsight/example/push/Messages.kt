package app.tillsight.example.push

import android.content.Context
import app.tillsight.WalletException
import app.tillsight.example.ExampleApp
import app.tillsight.ui.member.Pushes
import com.google.firebase.FirebaseApp
import com.google.firebase.messaging.FirebaseMessaging
import com.google.firebase.messaging.FirebaseMessagingService
import com.google.firebase.messaging.RemoteMessage
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** Called by the provider on a thread of its own, which may wait: twenty seconds for a message. */
class Messages : FirebaseMessagingService() {
    override fun onNewToken(token: String) = told { it.token(token) }

    /** The message says nothing but that there is something new. */
    override fun onMessageReceived(message: RemoteMessage) = told { it.came() }

    private fun told(call: suspend (Pushes) -> Unit) = runBlocking {
        try {
            call((application as ExampleApp).visit().pushes)
        } catch (_: WalletException) {
            // The wallet does not open now; the app looks by itself when it is opened.
        }
    }
}

/** Hands over the token there is, once after each start; none in a build without the provider's configuration. */
fun handTokenOver(context: Context, pushes: Pushes, scope: CoroutineScope) {
    if (FirebaseApp.getApps(context).isEmpty()) return
    FirebaseMessaging.getInstance().token.addOnSuccessListener { scope.launch { pushes.token(it) } }
}
