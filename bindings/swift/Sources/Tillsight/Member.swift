import TillsightCore

extension Wallet {
    /// Logs in by a token of the company's own log-in, for a wallet company that has one: the app fetched
    /// it there. The session is bound to this phone as that of a password.
    ///
    /// - Throws: ``WalletError/loginRefused(_:)``, ``WalletError/serverAway(_:_:)``,
    ///   ``WalletError/storageUnusable(_:)``, ``WalletError/keyStoreLocked(_:)``.
    public func logInProvided(token: String) async throws {
        try await call { try $0.logInProvided(token: token) }
        try await drawAnew()
    }

    /// Asks for a code at another e-mail address, confirmed by the password. Returns the id that goes
    /// back with the code to ``confirmEmail(id:code:)`` within a quarter of an hour; keep it, the person
    /// may leave the app to read the code.
    ///
    /// - Throws: as ``changeProfile(_:password:)``.
    public func requestEmail(_ email: String, password: String) async throws -> String {
        try await call { try $0.requestEmail(email: email, password: password) }
    }

    /// The names of the operators whose accounts and cards can be linked. Where there are several, a link
    /// code is given to ``register(scheme:linkCode:)`` with one of them and a colon before it. Waits for
    /// the server; nobody need be logged in.
    ///
    /// - Throws: ``WalletError/serverAway(_:_:)``.
    public func operators() async throws -> [String] { try await call { try $0.operators() } }
}
