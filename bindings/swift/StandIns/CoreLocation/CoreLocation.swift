public final class CLLocationManager {
    public init() {}
    public func requestWhenInUseAuthorization() {}
}
