import SwiftUI
import TillsightUI

@main
struct TillsightExampleApp: App {
    @UIApplicationDelegateAdaptor(AppDelegate.self) private var delegate

    var body: some Scene {
        WindowGroup { WalletPages(delegate.visit) }
    }
}
