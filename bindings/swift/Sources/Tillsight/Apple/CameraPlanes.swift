#if canImport(AVFoundation) && os(iOS)
    import AVFoundation

    /// Hands the camera's pictures to the wallet: the luma plane where it lies, uncopied. Set it as
    /// the sample buffer delegate of a video output in the bi-planar format
    /// (`kCVPixelFormatType_420YpCbCr8BiPlanarFullRange`), on a queue of its own.
    public final class CameraPlanes: NSObject, AVCaptureVideoDataOutputSampleBufferDelegate, Sendable {
        private let wallet: Wallet
        private let every: Double
        private let rotationDegrees: UInt32
        private let onReading: @Sendable (Result<PlaneReading, any Error>) -> Void
        private let readAt = Guarded(-Double.infinity)

        /// - Parameters:
        ///   - every: seconds; pictures that come faster are let go unread.
        ///   - rotationDegrees: what turns the pictures upright, clockwise: 90 for the back camera of
        ///     a phone held upright.
        ///   - told: the screen that a code led to, what the person can do to have one read, or why a
        ///     code was refused.
        public init(
            _ wallet: Wallet, every: Double = 0.1, rotationDegrees: UInt32 = 90,
            onReading: @escaping @Sendable (Result<PlaneReading, any Error>) -> Void
        ) {
            self.wallet = wallet
            self.every = every
            self.rotationDegrees = rotationDegrees
            self.onReading = onReading
        }

        public func captureOutput(
            _ output: AVCaptureOutput, didOutput sampleBuffer: CMSampleBuffer,
            from connection: AVCaptureConnection
        ) {
            let at = CMSampleBufferGetPresentationTimeStamp(sampleBuffer).seconds
            let due = readAt.with { last in
                guard at - last >= every else { return false }
                last = at
                return true
            }
            guard due, let picture = CMSampleBufferGetImageBuffer(sampleBuffer) else { return }
            onReading(Result { try wallet.sense(picture: picture, rotationDegrees: rotationDegrees) })
        }
    }

    extension Wallet {
        /// One picture of the camera, in a bi-planar format, and what turns it upright: 0, 90, 180 or
        /// 270 degrees clockwise.
        @discardableResult
        public func sense(picture: CVPixelBuffer, rotationDegrees: UInt32) throws -> PlaneReading {
            CVPixelBufferLockBaseAddress(picture, .readOnly)
            defer { CVPixelBufferUnlockBaseAddress(picture, .readOnly) }
            guard let start = CVPixelBufferGetBaseAddressOfPlane(picture, 0) else {
                return PlaneReading(screen: nil, hint: nil)
            }
            let height = CVPixelBufferGetHeightOfPlane(picture, 0)
            let stride = CVPixelBufferGetBytesPerRowOfPlane(picture, 0)
            let shape = PlaneShape(
                width: UInt32(clamping: CVPixelBufferGetWidthOfPlane(picture, 0)),
                height: UInt32(clamping: height),
                rowStride: UInt32(clamping: stride),
                rotationDegrees: rotationDegrees)
            return try sense(
                plane: UnsafeRawBufferPointer(start: start, count: height * stride), shape: shape)
        }
    }
#endif
