import TillsightUI
import UIKit

/// Holds the visit, and hands it what the system says of pushes.
final class AppDelegate: NSObject, UIApplicationDelegate {
    private(set) lazy var visit = Visit(
        serverUrl: Self.setting("WalletServer"), rootKey: Self.setting("WalletRootKey"),
        app: "Tillsight example")

    /// As `project.yml` puts it into the app.
    private static func setting(_ name: String) -> String {
        Bundle.main.object(forInfoDictionaryKey: name) as? String ?? ""
    }

    func application(
        _ application: UIApplication,
        didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]? = nil
    ) -> Bool {
        // Without the person's leave, too: such a push shows nothing by itself.
        application.registerForRemoteNotifications()
        return true
    }

    func application(
        _ application: UIApplication,
        didRegisterForRemoteNotificationsWithDeviceToken deviceToken: Data
    ) {
        Task { await visit.awakened()?.token(deviceToken) }
    }

    func application(
        _ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any]
    ) async -> UIBackgroundFetchResult {
        await visit.awakened()?.came() == true ? .newData : .noData
    }
}
