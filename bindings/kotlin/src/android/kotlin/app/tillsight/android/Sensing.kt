package app.tillsight.android

import android.app.PendingIntent
import android.content.Context
import app.tillsight.BeaconMode
import app.tillsight.SensingPlan
import app.tillsight.SensingPolicy
import app.tillsight.Wallet
import app.tillsight.WalletException
import java.io.IOException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.distinctUntilChangedBy
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * Does what the wallet's plan says: switches the position, the beacons and the Wi-Fi of this phone on
 * and off, and hands the wallet what they give. A sense that is not allowed or switched off is left
 * out; [Permissions] says which, for the screen.
 *
 * @param wake comes when a beacon or a fence wakes the app, under [SensingPolicy.ALWAYS]: a mutable
 *   one; read it with [BeaconSource.reportsOf]. Without one the app listens while it runs.
 */
public class Sensing(
    private val context: Context,
    private val wallet: Wallet,
    private val policy: SensingPolicy = SensingPolicy.SCREEN,
    private val wake: PendingIntent? = null,
) {
    private val permissions = Permissions(context)

    /** Senses until the caller's coroutine is cancelled: as long as the app is visible. */
    public suspend fun run(): Unit = coroutineScope {
        val plans = wallet.plans(policy).stateIn(this)
        launch { plans.eachBy(SensingPlan::fixesEvery, ::fixes) }
        launch { plans.eachBy({ it.beacons to it.beaconStarts }, ::beacons) }
        launch { plans.eachBy(SensingPlan::wifi, ::wifi) }
        launch { plans.eachBy(SensingPlan::fences, ::fences) }
        // An open screen needs no motion to be judged by.
        if (policy == SensingPolicy.ALWAYS) {
            launch { MotionSource(context).motions().collect { quietly { wallet.sense(it) } } }
        }
    }

    private suspend fun fixes(plan: SensingPlan) {
        if (permissions.location() != PermissionState.READY) return
        FixSource(context).fixes(plan.fixesEvery).collect { quietly { wallet.sense(it) } }
    }

    private suspend fun beacons(plan: SensingPlan) {
        if (plan.beacons == BeaconMode.OFF || permissions.bluetooth() != PermissionState.READY) return
        val source = BeaconSource(context)
        try {
            if (plan.beacons == BeaconMode.WATCH && wake != null) {
                source.wakeOn(plan.filters, wake)
                return
            }
            wake?.let(source::stop)
            wallet.scanning(true)
            source.reports(plan.filters, plan.beacons == BeaconMode.BURST)
                .collect { quietly { wallet.sense(it) } }
        } catch (_: IOException) {
            // The radio went off; the next plan tries again.
        } finally {
            // A wallet that was closed meanwhile has nothing to be told.
            withContext(NonCancellable) { runCatching { wallet.scanning(false) } }
        }
    }

    private suspend fun wifi(plan: SensingPlan) {
        if (!plan.wifi || permissions.location() != PermissionState.READY) return
        WifiSource(context).reports().collect { quietly { wallet.sense(it) } }
    }

    private suspend fun fences(plan: SensingPlan) {
        if (wake == null || permissions.location() != PermissionState.READY) return
        Fences(context).lay(plan.fences, wake)
    }

    private suspend fun quietly(call: suspend () -> Unit) = try {
        call()
    } catch (_: WalletException) {
        // The screen stands, and the next signal is welcome.
    }
}

/** Runs [act] for every plan in which [part] is another, and ends what the plan before it began. */
private suspend fun Flow<SensingPlan>.eachBy(
    part: (SensingPlan) -> Any?,
    act: suspend (SensingPlan) -> Unit,
) = distinctUntilChangedBy(part).collectLatest(act)
