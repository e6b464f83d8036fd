#if canImport(CoreLocation) && canImport(CoreBluetooth) && canImport(CoreMotion) && os(iOS)
    import Foundation
    import TillsightCore

    /// Does what the wallet's plan says: switches the position and the beacons of this phone on and
    /// off, and hands the wallet what they give. A sense that is not allowed gives nothing;
    /// ``PermissionState`` says which, for the screen.
    @MainActor
    public final class Sensing {
        private enum Part { case fixes, beacons, regions, motions }

        /// How long beacons are ranged after the phone came into reach of one.
        private static let rangedFor: Duration = .seconds(10)

        private let wallet: Wallet
        private let policy: SensingPolicy
        private let fixSource = FixSource()
        private let beaconSource = BeaconSource()
        private let eddystoneSource = EddystoneSource()
        private var regions: Regions?
        private var running: [Part: Task<Void, Never>] = [:]

        /// - Parameter policy: under `.always` the beacons and fences of the plan wake the app, which
        ///   needs the position "always".
        public init(_ wallet: Wallet, policy: SensingPolicy = .screen) {
            self.wallet = wallet
            self.policy = policy
        }

        /// Senses until the caller's task is cancelled: as long as the app is visible, or under
        /// `.always` as long as it lives.
        public func run() async throws {
            if policy == .always {
                if regions == nil { regions = await Regions() }
                replace(.motions) { await self.motions() }
            }
            defer {
                for task in running.values { task.cancel() }
                running = [:]
            }
            var last: SensingPlan?
            for await plan in try wallet.plans(policy) {
                if plan.fixesEveryMs != last?.fixesEveryMs {
                    replace(.fixes) { await self.fixes(plan) }
                }
                if plan.beacons != last?.beacons || plan.beaconStarts != last?.beaconStarts {
                    replace(.beacons) { await self.beacons(plan) }
                }
                if plan.beacons != last?.beacons || plan.fences != last?.fences {
                    replace(.regions) { await self.regions?.watch(plan) }
                }
                last = plan
            }
        }

        private func replace(_ part: Part, _ work: @escaping @MainActor () async -> Void) {
            let before = running[part]
            before?.cancel()
            running[part] = Task {
                await before?.value
                if !Task.isCancelled { await work() }
            }
        }

        private func fixes(_ plan: SensingPlan) async {
            guard let every = plan.fixesEveryMs else { return }
            for await fix in fixSource.fixes(every: .milliseconds(Int(every))) {
                // A fix that is refused leaves the screen as it is; the next one is welcome.
                _ = try? await wallet.sense(fix)
            }
        }

        private func motions() async {
            for await motion in MotionSource().motions() { try? await wallet.sense(motion) }
        }

        private func beacons(_ plan: SensingPlan) async {
            switch plan.beacons {
            case .off: return
            case .burst: await range(plan)
            case .watch:
                guard let regions else { return }
                for await inReach in regions.crossings() where inReach {
                    let ranging = Task { await self.range(plan) }
                    try? await Task.sleep(for: Self.rangedFor)
                    ranging.cancel()
                    await ranging.value
                }
            }
        }

        private func range(_ plan: SensingPlan) async {
            guard let uuid = UUID(uuidString: plan.regionUuid) else { return }
            let wallet = wallet
            try? await wallet.scanning(true)
            let sources = [beaconSource.reports(of: uuid), eddystoneSource.reports()]
            await withTaskGroup(of: Void.self) { group in
                for reports in sources {
                    group.addTask {
                        for await report in reports { _ = try? await wallet.sense(report) }
                    }
                }
            }
            // A cancelled task's calls do nothing, and this one must be made.
            await Task { try? await wallet.scanning(false) }.value
        }
    }
#endif
