#if canImport(CoreLocation) && os(iOS)
    import CoreLocation

    /// Store beacons. iOS keeps their frames from CoreBluetooth and gives them as ranged beacons of a
    /// UUID known in advance; one UUID for every store needs one of the 20 regions an app may watch.
    @MainActor
    public final class BeaconSource: NSObject, CLLocationManagerDelegate {
        /// What the system's list of watched conditions calls the network's beacons.
        public static let condition = "app.tillsight.beacons"

        private let manager = CLLocationManager()
        private let region = CLBeaconIdentityConstraint(uuid: Network.beaconUuid)
        private var readers: [UUID: AsyncStream<BeaconReport>.Continuation] = [:]

        public override init() {
            super.init()
            manager.delegate = self
        }

        /// Reports about once a second while someone reads them.
        public func reports() -> AsyncStream<BeaconReport> {
            AsyncStream(bufferingPolicy: .bufferingNewest(64)) { reader in
                let id = UUID()
                readers[id] = reader
                manager.startRangingBeacons(satisfying: region)
                reader.onTermination = { _ in Task { @MainActor in self.leave(id) } }
            }
        }

        /// Whether a beacon of the network comes into reach or leaves it, also while the app is not on
        /// the screen: `true` for in reach.
        public nonisolated func inReach() -> AsyncStream<Bool> {
            AsyncStream { reader in
                let task = Task {
                    let monitor = await CLMonitor("app.tillsight")
                    let watched = CLMonitor.BeaconIdentityCondition(uuid: Network.beaconUuid)
                    await monitor.add(watched, identifier: Self.condition)
                    do {
                        for try await event in await monitor.events {
                            reader.yield(event.state == .satisfied)
                        }
                    } catch {
                        // The permission was taken back; ``SenseState`` says so.
                    }
                    reader.finish()
                }
                reader.onTermination = { _ in task.cancel() }
            }
        }

        private func leave(_ id: UUID) {
            readers[id] = nil
            if readers.isEmpty { manager.stopRangingBeacons(satisfying: region) }
        }

        public nonisolated func locationManager(
            _ manager: CLLocationManager, didRange beacons: [CLBeacon],
            satisfying constraint: CLBeaconIdentityConstraint
        ) {
            let reports = beacons.map { beacon in
                BeaconReport.ranged(
                    uuid: beacon.uuid.uuidString,
                    major: beacon.major.uint16Value,
                    minor: beacon.minor.uint16Value,
                    rssiDbm: Int16(clamping: beacon.rssi),
                    heardAtMs: beacon.timestamp.millisecondsSince1970)
            }
            // The manager was made on the main actor and calls back there.
            MainActor.assumeIsolated {
                for report in reports {
                    for reader in readers.values { reader.yield(report) }
                }
            }
        }
    }
#endif
