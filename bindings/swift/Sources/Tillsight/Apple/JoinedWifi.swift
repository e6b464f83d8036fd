#if canImport(NetworkExtension) && os(iOS)
    import Foundation
    import NetworkExtension

    /// The Wi-Fi the phone is joined to; iOS tells an app of no other.
    public enum JoinedWifi {
        /// The access point, for ``Wallet/sense(_:)-(WifiReport)``; `nil` without one. Needs the
        /// entitlement `com.apple.developer.networking.wifi-info` and the precise position.
        public static func report() async -> WifiReport? {
            guard let network = await NEHotspotNetwork.fetchCurrent() else { return nil }
            return WifiReport(
                joined: network.bssid, heard: [], heardAtMs: Date().millisecondsSince1970)
        }
    }
#endif
