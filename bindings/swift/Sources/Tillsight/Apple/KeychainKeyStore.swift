#if canImport(Security) && canImport(CryptoKit)
    import CryptoKit
    import Foundation
    import Security

    /// A key store over the Keychain: AES-256-GCM with a key that stays on this device, is in no
    /// backup, and can be read once the phone was unlocked after its start.
    public struct KeychainKeyStore: KeyStore {
        private let account: String

        /// - Parameter account: names the key; one for each wallet folder.
        public init(account: String = "tillsight") { self.account = account }

        public func seal(_ secret: Data) throws(KeyStoreProblem) -> Data {
            let key = if let made = try key() { made } else { try makeKey() }
            guard let sealed = try? AES.GCM.seal(secret, using: key).combined else { throw .lost }
            return sealed
        }

        public func open(_ sealed: Data) throws(KeyStoreProblem) -> Data {
            guard let key = try key(), let box = try? AES.GCM.SealedBox(combined: sealed),
                let secret = try? AES.GCM.open(box, using: key)
            else { throw .lost }
            return secret
        }

        public func forget() throws(KeyStoreProblem) {
            switch SecItemDelete(query as CFDictionary) {
            case errSecSuccess, errSecItemNotFound: return
            case errSecInteractionNotAllowed: throw .locked
            default: throw .lost
            }
        }

        private var query: [CFString: Any] {
            [
                kSecClass: kSecClassGenericPassword,
                kSecAttrService: "app.tillsight.vault",
                kSecAttrAccount: account,
                kSecUseDataProtectionKeychain: true,
            ]
        }

        private func key() throws(KeyStoreProblem) -> SymmetricKey? {
            var asked = query
            asked[kSecReturnData] = true
            var found: CFTypeRef?
            switch SecItemCopyMatching(asked as CFDictionary, &found) {
            case errSecSuccess: return (found as? Data).map { SymmetricKey(data: $0) }
            case errSecItemNotFound: return nil
            case errSecInteractionNotAllowed: throw .locked
            default: throw .lost
            }
        }

        private func makeKey() throws(KeyStoreProblem) -> SymmetricKey {
            let key = SymmetricKey(size: .bits256)
            var item = query
            item[kSecAttrAccessible] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            item[kSecValueData] = key.withUnsafeBytes { Data($0) }
            switch SecItemAdd(item as CFDictionary, nil) {
            case errSecSuccess: return key
            // Another thread was faster: its key is the one to use.
            case errSecDuplicateItem:
                guard let made = try self.key() else { throw .lost }
                return made
            case errSecInteractionNotAllowed: throw .locked
            default: throw .lost
            }
        }
    }
#endif
