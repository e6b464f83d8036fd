import SwiftUI
import TillsightUI

@main
struct TillsightExampleApp: App {
    @State private var visit = Visit(
        serverUrl: setting("WalletServer"), rootKey: setting("WalletRootKey"), app: "Tillsight example")

    var body: some Scene {
        WindowGroup { WalletPages(visit) }
    }

    /// As `project.yml` puts it into the app.
    private static func setting(_ name: String) -> String {
        Bundle.main.object(forInfoDictionaryKey: name) as? String ?? ""
    }
}
