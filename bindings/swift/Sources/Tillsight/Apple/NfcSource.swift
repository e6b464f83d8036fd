#if canImport(CoreNFC) && os(iOS)
    import CoreNFC

    /// Texts and links on tags that the phone is held to; give each to ``Wallet/sense(tag:)``.
    @MainActor
    public final class NfcSource: NSObject, NFCNDEFReaderSessionDelegate {
        private struct Reading {
            let session: NFCNDEFReaderSession
            let texts: AsyncStream<String>.Continuation
        }

        private var reading: Reading?

        public override init() { super.init() }

        /// Whether this phone reads tags.
        public nonisolated static var state: PermissionState {
            NFCNDEFReaderSession.readingAvailable ? .ready : .absent
        }

        /// The texts of one reading session, which shows `message` to the person. Ends with it: after
        /// one tag, when the person closes it, or after a minute; and it ends with its reader. One
        /// session at a time: a new one ends the one before. Needs the entitlement
        /// `com.apple.developer.nfc.readersession.formats`.
        public func texts(message: String) -> AsyncStream<String> {
            AsyncStream { texts in
                end()
                let session = NFCNDEFReaderSession(
                    delegate: self, queue: .main, invalidateAfterFirstRead: true)
                session.alertMessage = message
                reading = Reading(session: session, texts: texts)
                let id = ObjectIdentifier(session)
                texts.onTermination = { _ in Task { @MainActor in self.end(id) } }
                session.begin()
            }
        }

        /// Ends the session named, or any.
        private func end(_ id: ObjectIdentifier? = nil) {
            guard let ended = reading, id == nil || id == ObjectIdentifier(ended.session) else { return }
            reading = nil
            ended.session.invalidate()
            ended.texts.finish()
        }

        public nonisolated func readerSession(
            _ session: NFCNDEFReaderSession, didDetectNDEFs messages: [NFCNDEFMessage]
        ) {
            let texts = messages.flatMap(\.records).compactMap { record in
                record.wellKnownTypeURIPayload()?.absoluteString
                    ?? record.wellKnownTypeTextPayload().0
            }
            let id = ObjectIdentifier(session)
            // The session calls back on the main queue, as it was told to.
            MainActor.assumeIsolated {
                guard let reading, ObjectIdentifier(reading.session) == id else { return }
                for text in texts { reading.texts.yield(text) }
            }
        }

        public nonisolated func readerSession(
            _ session: NFCNDEFReaderSession, didInvalidateWithError error: any Error
        ) {
            let id = ObjectIdentifier(session)
            MainActor.assumeIsolated { end(id) }
        }
    }
#endif
