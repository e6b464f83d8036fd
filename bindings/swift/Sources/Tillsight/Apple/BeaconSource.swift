#if canImport(CoreLocation) && os(iOS)
    import CoreLocation

    /// Store beacons. iOS keeps their frames from CoreBluetooth and gives them as ranged beacons of a
    /// UUID known in advance, which the wallet's plan names.
    @MainActor
    public final class BeaconSource: NSObject, CLLocationManagerDelegate {
        private let manager = CLLocationManager()
        private var readers: [UUID: Reader] = [:]

        private struct Reader {
            let region: CLBeaconIdentityConstraint
            let reports: AsyncStream<BeaconReport>.Continuation
        }

        public override init() {
            super.init()
            manager.delegate = self
        }

        /// Reports about once a second while someone reads them, of the beacons that send `uuid`.
        public func reports(of uuid: UUID) -> AsyncStream<BeaconReport> {
            AsyncStream(bufferingPolicy: .bufferingNewest(64)) { reader in
                let id = UUID()
                let region = CLBeaconIdentityConstraint(uuid: uuid)
                readers[id] = Reader(region: region, reports: reader)
                manager.startRangingBeacons(satisfying: region)
                reader.onTermination = { _ in Task { @MainActor in self.leave(id) } }
            }
        }

        private func leave(_ id: UUID) {
            guard let left = readers.removeValue(forKey: id) else { return }
            if !readers.values.contains(where: { $0.region.uuid == left.region.uuid }) {
                manager.stopRangingBeacons(satisfying: left.region)
            }
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
                    for reader in readers.values { reader.reports.yield(report) }
                }
            }
        }
    }
#endif
