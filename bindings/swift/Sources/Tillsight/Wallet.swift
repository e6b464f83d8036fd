import Foundation
import TillsightCore

/// A member's wallet on this phone: what was sensed goes in, the settlement screen comes out.
///
/// Open one when the app starts and keep it; it is freed with its last reference. Every function may
/// be called from any task or thread. The asynchronous ones do their work beside the caller; when
/// their task is cancelled they throw `CancellationError` at once, and what they had begun ends
/// unseen.
///
/// Draw ``screens()``. A call that changes the screen returns the new one, too, and throws a
/// ``WalletError`` when there is none; the screen before it stands then.
public final class Wallet: Sendable {
    let core: TillsightCore.Wallet
    /// The newest screens, and who is told of them.
    let newest: Newest
    private let planned = OneReader<SensingPlan>()
    let noticed = OneReader<Notice>()

    /// Opens the wallet in `config.folder`, or makes it. A broken store cache is replaced by an empty
    /// one; a vault that this phone's key does not open is an empty one.
    ///
    /// - Parameters:
    ///   - keyStore: seals the key of the vault: `KeychainKeyStore` on phones.
    ///   - clock: in place of the system's, for tests; `nil` for the system's.
    ///   - log: where the core's log lines go; they never hold a position, a name or a balance.
    ///   - transport: carries the calls to the wallet server; `nil` for the built-in one.
    /// - Throws: ``WalletError/configRefused(_:_:)`` without a root key,
    ///   ``WalletError/storageUnusable(_:)``, ``WalletError/keyStoreLocked(_:)``, or
    ///   `CancellationError`.
    public static func open(
        _ config: WalletConfig,
        keyStore: any KeyStore,
        clock: (@Sendable () -> Date)? = nil,
        log: @escaping @Sendable (LogLevel, LogEvent) -> Void = { _, _ in },
        transport: (any HttpTransport)? = nil
    ) async throws -> Wallet {
        try await beside {
            try Wallet(config, keyStore: keyStore, clock: clock, log: log, transport: transport)
        }
    }

    private init(
        _ config: WalletConfig,
        keyStore: any KeyStore,
        clock: (@Sendable () -> Date)?,
        log: @escaping @Sendable (LogLevel, LogEvent) -> Void,
        transport: (any HttpTransport)?
    ) throws {
        let core = try translated {
            try TillsightCore.Wallet.open(
                config: config,
                keyStore: KeyStoreAdapter(delegate: keyStore),
                clock: clock.map(ClockAdapter.init(delegate:)),
                log: LogAdapter(delegate: log),
                transport: transport.map(TransportAdapter.init)
            )
        }
        self.core = core
        newest = try translated { try Newest(core) }
        core.setListener(listener: newest)
    }

    deinit {
        core.setListener(listener: nil)
        newest.finish()
        planned.finish()
        noticed.finish()
    }

    /// The newest screen.
    public var screen: SettlementScreen { newest.screen.newest }

    /// The newest screen, and every newer one: what a call returned, and what the server added. A
    /// reader that is slow gets the newest and misses those between. Ends with the wallet.
    public func screens() -> AsyncStream<SettlementScreen> { newest.screen.stream() }

    /// The newest deposit screen.
    public var depositScreen: DepositScreen { newest.deposits.newest }

    /// The newest deposit screen, and every newer one: what a call returned, and what became of a
    /// deposit. Otherwise as ``screens()``.
    public func depositScreens() -> AsyncStream<DepositScreen> { newest.deposits.stream() }

    /// What to listen for: the plan as it stands, and every newer one; a slow reader misses those
    /// between. `Sensing` on phones does what it says. There is one reader at a time: the stream of an
    /// earlier one ends when another begins, and with the wallet.
    ///
    /// - Throws: ``WalletError/storageUnusable(_:)`` when the system gives no thread.
    public func plans(_ policy: SensingPolicy) throws -> AsyncStream<SensingPlan> {
        try planned.stream(.bufferingNewest(1)) { [core] plans in
            let listener = plans.map(PlanRelay.init)
            try translated {
                try core.setPlanListener(policy: policy, platform: .ios, listener: listener)
            }
        }
    }

    /// Logs in and fetches the member's methods, so that the wallet works offline from here on. Waits
    /// for the server, a few seconds at most.
    ///
    /// - Throws: ``WalletError/loginRefused(_:)``, ``WalletError/serverAway(_:_:)``,
    ///   ``WalletError/storageUnusable(_:)``, ``WalletError/keyStoreLocked(_:)``.
    public func logIn(userId: String, password: String) async throws {
        try await call { try $0.logIn(userId: userId, password: password) }
        try await drawAnew()
    }

    /// Forgets the member on this phone, and ends the session at the server if it can be reached.
    public func logOut() async throws {
        try await call { try $0.logOut() }
        try await drawAnew()
    }

    /// Fetches the stores round a place before going there. Only the numbers of a map tile
    /// and of those beside it leave the phone.
    public func prefetch(latitude: Double, longitude: Double) async throws {
        try await call { try $0.prefetch(latitude: latitude, longitude: longitude) }
    }

    /// A position fix: the stores near it are in question.
    @discardableResult
    public func sense(_ fix: Fix) async throws -> SettlementScreen {
        try await draw { try $0.senseFix(fix: fix) }
    }

    /// A frame or a ranged beacon that the radio heard.
    @discardableResult
    public func sense(_ report: BeaconReport) async throws -> SettlementScreen {
        try await draw { try $0.senseBeacon(report: report) }
    }

    /// The access point the phone is joined to.
    @discardableResult
    public func sense(_ report: WifiReport) async throws -> SettlementScreen {
        try await draw { try $0.senseWifi(report: report) }
    }

    /// The system's activity recognition says that the phone moves otherwise than before.
    public func sense(_ motion: Motion) async throws {
        try await call { $0.senseMotion(motion: motion) }
    }

    /// The text of an NFC tag that was touched: as ``sense(text:)``, but the phone was there.
    @discardableResult
    public func sense(tag text: String) async throws -> SettlementScreen {
        try await draw { try $0.senseTag(text: text) }
    }

    /// A text that was scanned, or handed over as a link.
    @discardableResult
    public func sense(text: String) async throws -> SettlementScreen {
        try await draw { try $0.senseText(text: text) }
    }

    /// One picture of the camera: its brightness (luma) plane, 8 bits a pixel. Gives the screen that a
    /// code in view led to, or what the person can do to have one read.
    ///
    /// Blocks for the time of the decoding and does not keep the bytes, so that it can be called on
    /// the camera's own queue. The bytes are not copied.
    @discardableResult
    public func sense(plane: UnsafeRawBufferPointer, shape: PlaneShape) throws -> PlaneReading {
        let reading = try translated { try core.sensePlane(luma: borrowed(plane), shape: shape) }
        if let screen = reading.screen { newest.screen.show(screen) }
        return reading
    }

    /// The settlement screen was opened: balances are asked for, and signs are judged for someone who
    /// stands and looks.
    @discardableResult
    public func screenOpened() async throws -> SettlementScreen {
        try await draw { $0.screenOpened() }
    }

    /// The settlement screen was closed.
    public func screenClosed() async throws {
        try await call { $0.screenClosed() }
    }

    /// Listening for beacons began or ended: only silence in between counts against a store. Say it
    /// round every scan.
    public func scanning(_ on: Bool) async throws {
        try await call { $0.scanning(on: on) }
    }

    /// The member taps a store of the list.
    @discardableResult
    public func choose(storeId: String) async throws -> SettlementScreen {
        try await draw { try $0.chooseStore(storeId: storeId) }
    }

    /// Changes what the member asks (amount, choice, contactless) and draws anew.
    @discardableResult
    public func ask(_ ask: MemberAsk) async throws -> SettlementScreen {
        try await draw { $0.ask(ask: ask) }
    }

    /// Registers a payment method: the `scheme` of a suggestion, and the link code that its operator
    /// gave to the member. The same code again does no harm. Waits for the server.
    ///
    /// - Throws: ``WalletError/linkRefused(_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/serverAway(_:_:)``.
    @discardableResult
    public func register(scheme: String, linkCode: String) async throws -> SettlementScreen {
        try await draw { try $0.registerMethod(scheme: scheme, linkCode: linkCode) }
    }

    /// Asks the server for balances now and waits for them: pull to refresh.
    ///
    /// - Throws: ``WalletError/notLoggedIn(_:)``, ``WalletError/serverAway(_:_:)``.
    @discardableResult
    public func refresh() async throws -> SettlementScreen {
        try await draw { try $0.refresh() }
    }

    /// The deposit screen drawn anew.
    ///
    /// - Throws: ``WalletError/storageUnusable(_:)`` when what was asked for cannot be read.
    @discardableResult
    public func deposits() async throws -> DepositScreen {
        let screen = try await call { try $0.deposits() }
        newest.deposits.show(screen)
        return screen
    }

    /// Asks for a deposit. It is written down on this phone, and pending, when this returns; then it is
    /// sent, and asked after until the server has said how it ended, also after the app was killed.
    /// ``depositScreens()`` tells what became of it. Make the id of `ask` when the form opens
    /// (`UUID().uuidString.lowercased()`): the same id again is the same deposit, however often the member taps.
    /// What could not be sent within a quarter of an hour fails, and takes nothing later.
    ///
    /// - Throws: ``WalletError/depositRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/storageUnusable(_:)``; nothing is sent then.
    @discardableResult
    public func deposit(_ ask: DepositAsk) async throws -> DepositScreen {
        let screen = try await call { try $0.deposit(ask: ask) }
        newest.deposits.show(screen)
        return screen
    }

    /// A page of the history of the member's payments and deposits over all methods, each with the refunds
    /// that undo it: the newest, or the one after the `after` of another page. Waits for the server.
    ///
    /// - Throws: ``WalletError/notLoggedIn(_:)``, ``WalletError/serverAway(_:_:)``.
    public func history(after: String? = nil) async throws -> HistoryScreen {
        try await call { try $0.history(after: after) }
    }

    /// The account screen: who the member is and on which devices, as the server says. Waits for the
    /// server; without it the screen says so and holds nothing of the member.
    public func account() async throws -> AccountScreen { try await call { $0.account() } }

    /// Asks for a membership: a code goes to the e-mail address. Returns the id that goes back with the
    /// code to ``confirmJoin(id:code:)`` within a quarter of an hour; keep it, the person may leave the
    /// app to read the code. Whether the user id is free is told only then.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)``, ``WalletError/serverAway(_:_:)``.
    public func join(_ ask: JoinAsk) async throws -> String {
        try await call { try $0.join(ask: ask) }
    }

    /// Makes the person a member, who can log in from then on. If the answer was lost, log in.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)`` when the code is not good or another has the user
    ///   id, ``WalletError/serverAway(_:_:)``.
    public func confirmJoin(id: String, code: String) async throws {
        try await call { try $0.confirmJoin(id: id, code: code) }
    }

    /// Logs a device of the account screen out, wherever it is.
    @discardableResult
    public func logOutDevice(id: String) async throws -> AccountScreen {
        try await call { try $0.logOutDevice(id: id) }
    }

    /// Changes who the member is, confirmed by the password. The e-mail address stays:
    /// ``requestEmail(_:password:)`` asks for another.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/serverAway(_:_:)``; nothing was changed, as far as is known.
    @discardableResult
    public func changeProfile(_ ask: ProfileAsk, password: String) async throws -> AccountScreen {
        try await call { try $0.changeProfile(ask: ask, password: password) }
    }

    /// Has codes sent to the address of ``requestEmail(_:password:)`` from now on; the one before is told.
    @discardableResult
    public func confirmEmail(id: String, code: String) async throws -> AccountScreen {
        try await call { try $0.confirmEmail(id: id, code: code) }
    }

    /// Sets another password or settlement code; `present` is the one before, or the password for who
    /// has no settlement code yet. A new password logs every other device out.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/serverAway(_:_:)``.
    public func changeSecret(_ kind: SecretKind, present: String, new: String) async throws {
        try await call { try $0.changeSecret(kind: kind, present: present, new: new) }
    }

    /// Asks for a code to set a forgotten password or settlement code anew; it goes to the member's
    /// e-mail address. Returns the id that goes back with it to ``reset(id:code:new:password:)`` within
    /// a quarter of an hour. Whether there is such a member is never told.
    public func requestReset(userId: String, _ kind: SecretKind) async throws -> String {
        try await call { try $0.requestReset(userId: userId, kind: kind) }
    }

    /// Sets it anew with that code; for a settlement code the password is needed, too. That logs every
    /// device out.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)``, ``WalletError/serverAway(_:_:)``.
    public func reset(id: String, code: String, new: String, password: String? = nil) async throws {
        try await call { try $0.reset(id: id, code: code, new: new, password: password) }
    }

    /// All that is kept of the member at the server, as JSON, for a file of the member's own.
    public func exportData() async throws -> String { try await call { try $0.exportData() } }

    /// Ends the membership for good and forgets the member on this phone.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)`` while there is money in a wallet or a deposit on
    ///   its way, ``WalletError/notLoggedIn(_:)``, ``WalletError/serverAway(_:_:)``.
    public func leave(password: String) async throws {
        try await call { try $0.leave(password: password) }
        try await drawAnew()
    }

    /// The methods screen as it stands; ``refresh()`` asks the server first, and
    /// ``register(scheme:linkCode:)`` links another.
    public func methods() async throws -> MethodsScreen { try await call { $0.methods() } }

    /// Changes a method: its name, its place, whether it is blocked or what deposits come from.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/serverAway(_:_:)``.
    @discardableResult
    public func changeMethod(id: String, _ ask: MethodAsk) async throws -> MethodsScreen {
        try await altered { try $0.changeMethod(id: id, ask: ask) }
    }

    /// Unlinks a method: its operator opens nothing for it any more.
    ///
    /// - Throws: as ``changeMethod(id:_:)``.
    @discardableResult
    public func removeMethod(id: String) async throws -> MethodsScreen {
        try await altered { try $0.removeMethod(id: id) }
    }

    /// Records from now on what is sensed and judged, in a new file: only when the member said so.
    /// Neither date nor member is in it. It ends by itself at 8 MiB.
    ///
    /// - Throws: ``WalletError/storageUnusable(_:)`` when there is such a file already.
    public func startRecording(to file: URL, positions: RecordedPositions) async throws {
        try await call { try $0.startRecording(path: file.path, positions: positions) }
    }

    /// Ends the recording, if there is one; the file is whole.
    public func stopRecording() async throws {
        try await call { $0.stopRecording() }
    }

    func draw(
        _ call: @escaping @Sendable (TillsightCore.Wallet) throws -> SettlementScreen
    ) async throws -> SettlementScreen {
        let screen = try await self.call(call)
        newest.screen.show(screen)
        return screen
    }

    /// Changes a method, which is on the other screens, too.
    private func altered(
        _ change: @escaping @Sendable (TillsightCore.Wallet) throws -> MethodsScreen
    ) async throws -> MethodsScreen {
        let screen = try await call(change)
        try await drawAnew()
        return screen
    }

    /// Every screen, after something that is on all of them.
    func drawAnew() async throws {
        newest.screen.show(core.screen())
        try await deposits()
        try await payment()
    }

    func call<T: Sendable>(
        _ call: @escaping @Sendable (TillsightCore.Wallet) throws -> T
    ) async throws -> T {
        try await beside { [core] in try translated { try call(core) } }
    }
}

/// The bytes where they lie, for the time of a call.
func borrowed(_ plane: UnsafeRawBufferPointer) -> Data {
    guard let start = plane.baseAddress else { return Data() }
    return Data(
        bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: plane.count,
        deallocator: .none)
}
