#if canImport(CoreLocation) && os(iOS)
    import CoreLocation

    /// Position fixes while someone reads them: only in the foreground, so that "when in use" is all
    /// the app asks for.
    public struct FixSource: Sendable {
        public init() {}

        /// Fixes at most every `every`. Ends when the task that reads them does.
        public func fixes(every: Duration = .seconds(1)) -> AsyncStream<Fix> {
            AsyncStream(bufferingPolicy: .bufferingNewest(1)) { reader in
                let task = Task {
                    var next = ContinuousClock.now
                    do {
                        for try await update in CLLocationUpdate.liveUpdates(.fitness) {
                            guard let location = update.location, .now >= next else { continue }
                            next = .now + every
                            reader.yield(Fix(location))
                        }
                    } catch {
                        // The permission was taken back; ``PermissionState`` says so.
                    }
                    reader.finish()
                }
                reader.onTermination = { _ in task.cancel() }
            }
        }

        /// Whether the position can be used.
        public static func state(of manager: CLLocationManager) -> PermissionState {
            switch manager.authorizationStatus {
            case .notDetermined: .notAsked
            case .restricted, .denied: .refused
            default: manager.accuracyAuthorization == .fullAccuracy ? .ready : .approximate
            }
        }
    }

    extension Fix {
        /// The location in the core's form. An accuracy that the system does not know is negative
        /// there, and refused by the core.
        public init(_ location: CLLocation) {
            self.init(
                latitude: location.coordinate.latitude,
                longitude: location.coordinate.longitude,
                accuracyM: location.horizontalAccuracy,
                takenAtMs: location.timestamp.millisecondsSince1970,
                mocked: location.sourceInformation?.isSimulatedBySoftware ?? false)
        }
    }
#endif
