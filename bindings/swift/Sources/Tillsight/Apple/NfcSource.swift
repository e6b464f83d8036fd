#if canImport(CoreNFC) && os(iOS)
    import CoreNFC

    /// Texts and links on tags that the phone is held to; give each to ``Wallet/sense(tag:)``.
    public final class NfcSource: NSObject, NFCNDEFReaderSessionDelegate, Sendable {
        private let reader = Guarded<AsyncStream<String>.Continuation?>(nil)

        /// Whether this phone reads tags.
        public static var state: SenseState { NFCNDEFReaderSession.readingAvailable ? .ready : .absent }

        /// The texts of one reading session, which shows `message` to the person. Ends with it.
        public func texts(message: String) -> AsyncStream<String> {
            AsyncStream { reader in
                self.reader.with { $0 = reader }
                let session = NFCNDEFReaderSession(
                    delegate: self, queue: nil, invalidateAfterFirstRead: true)
                session.alertMessage = message
                session.begin()
            }
        }

        public func readerSession(
            _ session: NFCNDEFReaderSession, didDetectNDEFs messages: [NFCNDEFMessage]
        ) {
            let records = messages.flatMap(\.records)
            let texts = records.compactMap { record in
                record.wellKnownTypeURIPayload()?.absoluteString
                    ?? record.wellKnownTypeTextPayload().0
            }
            reader.with { reader in
                for text in texts { reader?.yield(text) }
            }
        }

        public func readerSession(
            _ session: NFCNDEFReaderSession, didInvalidateWithError error: any Error
        ) {
            reader.with { reader in
                reader?.finish()
                reader = nil
            }
        }
    }
#endif
