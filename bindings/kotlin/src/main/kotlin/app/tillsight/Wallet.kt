package app.tillsight

import app.tillsight.core.Wallet as Core
import java.nio.ByteBuffer
import java.nio.file.Path
import java.time.Clock
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.isActive

/**
 * A member's wallet on this phone: what was sensed goes in, the settlement screen comes out.
 *
 * Open one when the app starts and keep it; [close] it when the app is done with it. Every function
 * may be called from any thread. The suspending ones do their work on [Dispatchers.IO]; when their
 * coroutine is cancelled they return at once, and what they had begun ends unseen.
 *
 * Draw [screens]. A call that changes the screen returns the new one, too, and fails with a
 * [WalletException] when there is none; the screen before it stands then.
 */
public class Wallet private constructor(
    internal val core: Core,
    internal val newest: Newest,
    private val work: CoroutineScope,
) : AutoCloseable {

    /** The newest screen, and every newer one: what a call returned, and what the server added. */
    public val screens: StateFlow<SettlementScreen> = newest.screen.asStateFlow()

    /** The newest deposit screen, and every newer one: what a call returned, and what became of a deposit. */
    public val depositScreens: StateFlow<DepositScreen> = newest.deposits.asStateFlow()

    /** Who collects the plans: one at a time. */
    private val planned = AtomicReference<SendChannel<SensingPlan>?>(null)

    /** Who collects the notices, likewise. */
    internal val noticed = AtomicReference<SendChannel<Notice>?>(null)

    /**
     * What to listen for: the plan as it stands, and every newer one; a slow collector misses those
     * between. `Sensing` on phones does what it says. There is one collector at a time: the flow of
     * an earlier one ends when another begins.
     *
     * @throws WalletException.StorageUnusable the operating system gives no thread.
     */
    public fun plans(policy: SensingPolicy): Flow<SensingPlan> = callbackFlow {
        requireOpen()
        planned.getAndSet(channel)?.close()
        translated { core.setPlanListener(policy, Platform.ANDROID, PlanRelay { trySend(it) }) }
        awaitClose { if (planned.compareAndSet(channel, null)) core.setPlanListener(policy, Platform.ANDROID, null) }
    }.conflate()

    /**
     * Logs in and fetches the member's methods, so that the wallet works offline from here on.
     * Waits for the server, a few seconds at most.
     *
     * @throws WalletException.LoginRefused user id and password do not belong together.
     * @throws WalletException.ServerAway the server gave no usable answer.
     */
    public suspend fun logIn(userId: String, password: String) {
        call { core.logIn(userId, password) }
        drawAnew()
    }

    /** Forgets the member on this phone, and ends the session at the server if it can be reached. */
    public suspend fun logOut() {
        call { core.logOut() }
        drawAnew()
    }

    /**
     * Fetches the stores round a place before going there. Only the numbers of a map tile
     * and of those beside it leave the phone.
     */
    public suspend fun prefetch(latitude: Double, longitude: Double) {
        call { core.prefetch(latitude, longitude) }
    }

    /** A position fix: the stores near it are in question. */
    public suspend fun sense(fix: Fix): SettlementScreen = shown { core.senseFix(fix) }

    /** A frame or a ranged beacon that the radio heard. */
    public suspend fun sense(report: BeaconReport): SettlementScreen =
        shown { core.senseBeacon(report.toCore()) }

    /** Access points that the phone heard, or the one it is joined to. */
    public suspend fun sense(report: WifiReport): SettlementScreen = shown { core.senseWifi(report) }

    /** The system's activity recognition says that the phone moves otherwise than before. */
    public suspend fun sense(motion: Motion) {
        call { core.senseMotion(motion) }
    }

    /** A text that was scanned, or handed over as a link. */
    public suspend fun sense(text: String): SettlementScreen = shown { core.senseText(text) }

    /** The text of an NFC tag that was touched: as [sense], but the phone was there. */
    public suspend fun senseTag(text: String): SettlementScreen = shown { core.senseTag(text) }

    /**
     * One picture of the camera: its brightness (Y) plane, 8 bits a pixel, as a direct buffer. Gives
     * the screen that a code in view led to, or what the person can do to have one read.
     *
     * Blocks for the time of the decoding and does not keep the buffer, so that an analyzer can call
     * it on its own thread and release the picture when it returns. The bytes are not copied.
     *
     * @throws IllegalArgumentException the buffer is not direct.
     */
    public fun sense(plane: ByteBuffer, shape: PlaneShape): PlaneReading {
        require(plane.isDirect) { "the plane must be a direct buffer, as cameras give it" }
        // The bridge reads from the start of a buffer whatever its position is; a slice starts there.
        return translated { core.sensePlane(plane.slice(), shape) }.also { it.screen?.let(newest::show) }
    }

    /**
     * The settlement screen was opened: balances are asked for, and signs are judged for someone who
     * stands and looks.
     */
    public suspend fun screenOpened(): SettlementScreen = shown { core.screenOpened() }

    /** The settlement screen was closed. */
    public suspend fun screenClosed() {
        call { core.screenClosed() }
    }

    /**
     * Listening for beacons began or ended: only silence in between counts against a store. Say it
     * round every scan, for instance with `onStart` and `onCompletion` of the reports.
     */
    public suspend fun scanning(on: Boolean) {
        call { core.scanning(on) }
    }

    /** The member taps a store of the list. */
    public suspend fun choose(storeId: String): SettlementScreen = shown { core.chooseStore(storeId) }

    /**
     * The member says that the phone is not in a store: a no to the screen's `question`. It holds until
     * the member chooses that store, at most for half an hour.
     */
    public suspend fun deny(storeId: String): SettlementScreen = shown { core.denyStore(storeId) }

    /** Changes what the member asks (amount, choice, contactless) and draws anew. */
    public suspend fun ask(ask: MemberAsk): SettlementScreen = shown { core.ask(ask) }

    /**
     * Registers a payment method: the `scheme` of a suggestion, and the link code that its operator
     * gave to the member. The same code again does no harm. Waits for the server.
     *
     * @throws WalletException.LinkRefused the code does not register this scheme for this member.
     * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
     * @throws WalletException.ServerAway the server gave no usable answer.
     */
    public suspend fun register(scheme: String, linkCode: String): SettlementScreen =
        shown { core.registerMethod(scheme, linkCode) }

    /**
     * Asks the server for balances now and waits for them: pull to refresh.
     *
     * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
     * @throws WalletException.ServerAway the server gave no usable answer.
     */
    public suspend fun refresh(): SettlementScreen = shown { core.refresh() }

    /**
     * The deposit screen drawn anew.
     *
     * @throws WalletException.StorageUnusable what was asked for cannot be read.
     */
    public suspend fun deposits(): DepositScreen = call { core.deposits() }.also(newest::show)

    /**
     * Asks for a deposit. It is written down on this phone, and pending, when this returns; then it is
     * sent, and asked after until the server has said how it ended, also after the app was killed.
     * [depositScreens] tells what became of it. Make the id of `ask` when the form opens
     * (`UUID.randomUUID().toString()`): the same id again is the same deposit, however often the
     * member taps. What could not be sent within a quarter of an hour fails, and takes nothing later.
     *
     * @throws WalletException.DepositRefused it cannot be asked for like this.
     * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
     * @throws WalletException.StorageUnusable it cannot be written down, so it is not sent.
     */
    public suspend fun deposit(ask: DepositAsk): DepositScreen = call { core.deposit(ask) }.also(newest::show)

    /**
     * A page of the history of the member's payments and deposits over all methods, each with the refunds
     * that undo it: the newest, or the one after the `after` of another page. Waits for the server.
     *
     * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
     * @throws WalletException.ServerAway the server gave no usable answer.
     */
    public suspend fun history(after: String? = null): HistoryScreen = call { core.history(after) }

    /**
     * The account screen: who the member is and on which devices, as the server says. Waits for the
     * server; without it the screen says so and holds nothing of the member.
     */
    public suspend fun account(): AccountScreen = call { core.account() }

    /**
     * Asks for a membership: a code goes to the e-mail address. Returns the id that goes back with the
     * code to [confirmJoin] within a quarter of an hour; keep it, the person may leave the app to read
     * the code. Whether the user id is free is told only then.
     *
     * @throws WalletException.RequestRefused something entered is not fit.
     * @throws WalletException.ServerAway the server gave no usable answer.
     */
    public suspend fun join(ask: JoinAsk): String = call { core.join(ask) }

    /**
     * Makes the person a member, who can log in from then on. If the answer was lost, log in.
     *
     * @throws WalletException.RequestRefused the code is not good, or another has the user id.
     */
    public suspend fun confirmJoin(id: String, code: String): Unit = call { core.confirmJoin(id, code) }

    /** Logs a device of the account screen out, wherever it is. */
    public suspend fun logOutDevice(id: String): AccountScreen = call { core.logOutDevice(id) }

    /**
     * Changes who the member is, confirmed by the password. The e-mail address stays: [requestEmail] asks
     * for another.
     *
     * @throws WalletException.RequestRefused nothing was changed.
     * @throws WalletException.ServerAway nothing was changed, as far as is known.
     */
    public suspend fun changeProfile(ask: ProfileAsk, password: String): AccountScreen =
        call { core.changeProfile(ask, password) }

    /** Has codes sent to the address of [requestEmail] from now on; the one before is told. */
    public suspend fun confirmEmail(id: String, code: String): AccountScreen = call { core.confirmEmail(id, code) }

    /**
     * Sets another password or settlement code; `present` is the one before, or the password for who has
     * no settlement code yet. A new password logs every other device out.
     *
     * @throws WalletException.RequestRefused `present` is wrong, or the new one is not fit.
     */
    public suspend fun changeSecret(kind: SecretKind, present: String, new: String): Unit =
        call { core.changeSecret(kind, present, new) }

    /**
     * Asks for a code to set a forgotten password or settlement code anew; it goes to the member's e-mail
     * address. Returns the id that goes back with it to [reset] within a quarter of an hour. Whether
     * there is such a member is never told.
     */
    public suspend fun requestReset(userId: String, kind: SecretKind): String =
        call { core.requestReset(userId, kind) }

    /**
     * Sets it anew with that code; for a settlement code the password is needed, too. That logs every
     * device out.
     *
     * @throws WalletException.RequestRefused the code is not good, or the new one is not fit.
     */
    public suspend fun reset(id: String, code: String, new: String, password: String? = null): Unit =
        call { core.reset(id, code, new, password) }

    /** All that is kept of the member at the server, as JSON, for a file of the member's own. */
    public suspend fun exportData(): String = call { core.exportData() }

    /**
     * Ends the membership for good and forgets the member on this phone.
     *
     * @throws WalletException.RequestRefused there is money in a wallet, or a deposit on its way.
     */
    public suspend fun leave(password: String) {
        call { core.leave(password) }
        drawAnew()
    }

    /** The methods screen as it stands; [refresh] asks the server first, and [register] links another. */
    public suspend fun methods(): MethodsScreen = call { core.methods() }

    /**
     * Changes a method: its name, its place, whether it is blocked or what deposits come from.
     *
     * @throws WalletException.RequestRefused nothing was changed.
     * @throws WalletException.ServerAway nothing was changed, as far as is known.
     */
    public suspend fun changeMethod(id: String, ask: MethodAsk): MethodsScreen =
        altered { core.changeMethod(id, ask) }

    /**
     * Unlinks a method: its operator opens nothing for it any more.
     *
     * @throws WalletException.RequestRefused it is not there, is the wallet's own money, or its operator is away.
     */
    public suspend fun removeMethod(id: String): MethodsScreen = altered { core.removeMethod(id) }

    /**
     * Records from now on what is sensed and judged, in a new file: only when the member said so.
     * Neither date nor member is in it. It ends by itself at 8 MiB.
     *
     * @throws WalletException.StorageUnusable there is such a file already, or none can be made.
     */
    public suspend fun startRecording(file: Path, positions: RecordedPositions) {
        call { core.startRecording(file.toString(), positions) }
    }

    /** Ends the recording, if there is one; the file is whole. */
    public suspend fun stopRecording() {
        call { core.stopRecording() }
    }

    /** Frees the wallet. Calls after it fail with an [IllegalStateException]; a second one is nothing. */
    override fun close() {
        if (work.isActive) core.setListener(null)
        planned.getAndSet(null)?.close()
        noticed.getAndSet(null)?.close()
        work.cancel()
        core.close()
    }

    internal suspend fun shown(draw: () -> SettlementScreen): SettlementScreen = call(draw).also(newest::show)

    /** Changes a method, which is on the other screens, too. */
    private suspend fun altered(change: () -> MethodsScreen): MethodsScreen = call(change).also { drawAnew() }

    /** Every screen, after something that is on all of them. */
    internal suspend fun drawAnew() {
        newest.show(core.screen())
        deposits()
        payment()
    }

    /** Runs [block] beside the caller, so that cancelling the caller does not wait for it. */
    internal suspend fun <T> call(block: () -> T): T {
        requireOpen()
        return work.async { translated(block) }.await()
    }

    internal fun requireOpen() = check(work.isActive) { "the wallet is closed" }

    public companion object {
        /**
         * Opens the wallet in `config.folder`, or makes it. A broken store cache is replaced by an
         * empty one; a vault that this phone's key does not open is an empty one.
         *
         * @param keyStore seals the key of the vault: `AndroidKeyStore` on phones.
         * @param clock in place of the system's, for tests; null for the system's.
         * @param log where the core's log lines go; they never hold a position, a name or a balance.
         * @param transport carries the calls to the wallet server; null for the built-in one.
         * @param dispatcher where the work is done.
         * @throws WalletException.ConfigRefused there is no root key.
         * @throws WalletException.StorageUnusable the folder cannot be written.
         * @throws WalletException.KeyStoreLocked the phone was not unlocked yet.
         */
        public suspend fun open(
            config: WalletConfig,
            keyStore: KeyStore,
            clock: Clock? = null,
            log: Log = Log { _, _ -> },
            transport: HttpTransport? = null,
            dispatcher: CoroutineDispatcher = Dispatchers.IO,
        ): Wallet {
            val work = CoroutineScope(SupervisorJob() + dispatcher)
            val opening = work.async {
                translated {
                    Core.open(
                        config,
                        KeyStoreAdapter(keyStore),
                        clock?.let(::ClockAdapter),
                        LogAdapter(log),
                        transport?.let(::TransportAdapter),
                    )
                }
            }
            val core = try {
                opening.await()
            } catch (failure: Throwable) {
                opening.invokeOnCompletion { if (it == null) opening.getCompleted().close() }
                throw failure
            }
            val newest = work.async { translated { Newest(core) } }.await()
            val wallet = Wallet(core, newest, work)
            core.setListener(newest)
            return wallet
        }
    }
}
