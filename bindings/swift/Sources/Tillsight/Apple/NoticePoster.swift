#if canImport(UserNotifications) && os(iOS)
    import UserNotifications

    /// Posts notices as the phone's notifications. A later one about the same takes the place of the earlier
    /// one, and a tap opens the app.
    public struct NoticePoster: Sendable {
        private let text: @Sendable (Notice) -> (title: String, body: String)

        /// - Parameter text: what a notice says, in the person's language.
        public init(text: @escaping @Sendable (Notice) -> (title: String, body: String)) {
            self.text = text
        }

        /// Asks the person the first time; whether notices may be posted.
        public func ask() async -> Bool {
            let center = UNUserNotificationCenter.current()
            return (try? await center.requestAuthorization(options: [.alert, .sound])) ?? false
        }

        /// Whether notices can be posted.
        public func permission() async -> PermissionState {
            let settings = await UNUserNotificationCenter.current().notificationSettings()
            switch settings.authorizationStatus {
            case .notDetermined: return .notAsked
            case .denied: return .refused
            default: return settings.alertSetting == .disabled ? .switchedOff : .ready
            }
        }

        /// Posts one; `false` where the person does not allow it.
        @discardableResult
        public func post(_ notice: Notice) async -> Bool {
            guard await permission() == .ready else { return false }
            let content = UNMutableNotificationContent()
            (content.title, content.body) = text(notice)
            // Doors stand together in the list, and so does money.
            content.threadIdentifier = notice.kind == .atTheDoor ? "door" : "money"
            let request = UNNotificationRequest(
                identifier: notice.id, content: content, trigger: nil)
            return (try? await UNUserNotificationCenter.current().add(request)) != nil
        }
    }
#endif
