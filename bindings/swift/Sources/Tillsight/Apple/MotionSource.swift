#if canImport(CoreMotion) && os(iOS)
    import CoreMotion

    /// How the phone moves, as the system's activity recognition tells it.
    public struct MotionSource: Sendable {
        public init() {}

        /// The motion whenever it changes, while someone reads it. Asks the person the first time.
        public func motions() -> AsyncStream<Motion> {
            AsyncStream(bufferingPolicy: .bufferingNewest(1)) { reader in
                guard CMMotionActivityManager.isActivityAvailable() else { return reader.finish() }
                let task = Task { @MainActor in
                    let manager = CMMotionActivityManager()
                    manager.startActivityUpdates(to: .main) { activity in
                        if let motion = activity.flatMap(Motion.init) { reader.yield(motion) }
                    }
                    // Until the reader leaves.
                    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
                    manager.stopActivityUpdates()
                }
                reader.onTermination = { _ in task.cancel() }
            }
        }
    }

    extension Motion {
        /// `nil` while the system does not know.
        init?(_ activity: CMMotionActivity) {
            if activity.automotive || activity.cycling {
                self = .riding
            } else if activity.walking || activity.running {
                self = .walking
            } else if activity.stationary {
                self = .still
            } else {
                return nil
            }
        }
    }
#endif
