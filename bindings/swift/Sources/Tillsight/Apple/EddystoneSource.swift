#if canImport(CoreBluetooth) && os(iOS)
    import CoreBluetooth
    import Foundation

    /// Store beacons that send Eddystone frames, whose ids rotate. iOS gives them to an app that is on
    /// the screen.
    @MainActor
    public final class EddystoneSource: NSObject, CBCentralManagerDelegate {
        /// Eddystone's service, as the Bluetooth SIG assigned it.
        private static let service = CBUUID(string: "FEAA")

        private var manager: CBCentralManager?
        private var readers: [UUID: AsyncStream<BeaconReport>.Continuation] = [:]

        public override init() { super.init() }

        /// Whether Bluetooth can be used.
        public static var state: PermissionState {
            switch CBCentralManager.authorization {
            case .notDetermined: .notAsked
            case .allowedAlways: .ready
            default: .refused
            }
        }

        /// Reports while someone reads them. The first reading asks the person for Bluetooth.
        public func reports() -> AsyncStream<BeaconReport> {
            AsyncStream(bufferingPolicy: .bufferingNewest(64)) { reader in
                let id = UUID()
                readers[id] = reader
                if manager == nil { manager = CBCentralManager(delegate: self, queue: .main) }
                scan()
                reader.onTermination = { _ in Task { @MainActor in self.leave(id) } }
            }
        }

        private func scan() {
            guard let manager, manager.state == .poweredOn, !readers.isEmpty else { return }
            // Every frame counts: strength over time tells inside from outside.
            manager.scanForPeripherals(
                withServices: [Self.service],
                options: [CBCentralManagerScanOptionAllowDuplicatesKey: true])
        }

        private func leave(_ id: UUID) {
            readers[id] = nil
            if readers.isEmpty, manager?.state == .poweredOn { manager?.stopScan() }
        }

        public nonisolated func centralManagerDidUpdateState(_ central: CBCentralManager) {
            // The manager calls back on the main queue, as it was told to.
            MainActor.assumeIsolated { scan() }
        }

        public nonisolated func centralManager(
            _ central: CBCentralManager, didDiscover peripheral: CBPeripheral,
            advertisementData: [String: Any], rssi: NSNumber
        ) {
            let services = advertisementData[CBAdvertisementDataServiceDataKey] as? [CBUUID: Data]
            guard let bytes = services?[CBUUID(string: "FEAA")] else { return }
            let report = BeaconReport.serviceData(
                service: 0xfeaa, bytes: bytes, rssiDbm: rssi.int16Value,
                heardAtMs: Date().millisecondsSince1970)
            MainActor.assumeIsolated {
                for reader in readers.values { reader.yield(report) }
            }
        }
    }
#endif
