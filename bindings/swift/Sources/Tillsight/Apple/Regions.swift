#if canImport(CoreLocation) && os(iOS)
    // The monitor's events are not said to be sendable, and are read by one task.
    @preconcurrency import CoreLocation

    /// What wakes the app: the network's beacons, and the fences of a plan. An app may watch 20 of
    /// both together; the plan keeps to that. Needs the position "always", and from iOS 18 on a
    /// `CLServiceSession(authorization: .always)` that the app holds.
    public actor Regions {
        private static let beacons = "app.tillsight.beacons"
        private let monitor: CLMonitor

        /// One for an app: the system's monitor of this name can be opened once at a time.
        public init() async {
            // Letters and digits only, as the system wants its name.
            monitor = await CLMonitor("tillsight")
        }

        /// Watches what `plan` names, and nothing that it does not.
        public func watch(_ plan: SensingPlan) async {
            var wanted: [String: CLCondition] = [:]
            if plan.beacons != .off, let uuid = UUID(uuidString: plan.regionUuid) {
                wanted[Self.beacons] = CLMonitor.BeaconIdentityCondition(uuid: uuid)
            }
            for fence in plan.fences {
                let middle = CLLocationCoordinate2D(
                    latitude: fence.latitude, longitude: fence.longitude)
                wanted["app.tillsight.fence.\(fence.latitude),\(fence.longitude),\(fence.radiusM)"] =
                    CLMonitor.CircularGeographicCondition(center: middle, radius: fence.radiusM)
            }
            let watched = Set(await monitor.identifiers)
            // Room is made before it is taken.
            for name in watched where wanted[name] == nil { await monitor.remove(name) }
            for (name, condition) in wanted where !watched.contains(name) {
                await monitor.add(condition, identifier: name)
            }
        }

        /// `true` when the phone comes into reach of a beacon or into a fence, `false` when it leaves.
        public nonisolated func crossings() -> AsyncStream<Bool> {
            AsyncStream { reader in
                let task = Task {
                    do {
                        for try await event in await monitor.events {
                            switch event.state {
                            case .satisfied: reader.yield(true)
                            case .unsatisfied: reader.yield(false)
                            // Not known yet, or not watched any more.
                            default: break
                            }
                        }
                    } catch {
                        // The permission was taken back; ``PermissionState`` says so.
                    }
                    reader.finish()
                }
                reader.onTermination = { _ in task.cancel() }
            }
        }
    }
#endif
