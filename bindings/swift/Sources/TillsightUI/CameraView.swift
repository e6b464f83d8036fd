#if !os(macOS)
@preconcurrency import AVFoundation
import SwiftUI
import Tillsight

/// The camera's picture; `told` hears what each picture led to, or `nil` when there is no camera or
/// the person does not allow it.
struct CameraView: UIViewRepresentable {
    let wallet: Wallet
    let onReading: @MainActor @Sendable (Result<PlaneReading, any Error>?) -> Void

    func makeCoordinator() -> Camera { Camera(wallet, onReading: onReading) }

    func makeUIView(context: Context) -> UIView {
        let view = PreviewView()
        view.preview.session = context.coordinator.session
        view.preview.videoGravity = .resizeAspectFill
        context.coordinator.start()
        return view
    }

    func updateUIView(_ view: UIView, context: Context) {}

    static func dismantleUIView(_ view: UIView, coordinator: Camera) { coordinator.stop() }

    private final class PreviewView: UIView {
        override class var layerClass: AnyClass { AVCaptureVideoPreviewLayer.self }
        var preview: AVCaptureVideoPreviewLayer { layer as! AVCaptureVideoPreviewLayer }
    }
}

/// The session and its queue.
final class Camera: Sendable {
    let session = AVCaptureSession()
    private let queue = DispatchQueue(label: "app.tillsight.camera")
    private let planes: CameraPlanes
    private let onReading: @MainActor @Sendable (Result<PlaneReading, any Error>?) -> Void

    init(_ wallet: Wallet, onReading: @escaping @MainActor @Sendable (Result<PlaneReading, any Error>?) -> Void) {
        self.onReading = onReading
        planes = CameraPlanes(wallet) { outcome in Task { @MainActor in onReading(outcome) } }
    }

    /// Asks the person the first time.
    func start() {
        Task {
            guard await AVCaptureDevice.requestAccess(for: .video) else { return await onReading(nil) }
            queue.async { [self] in
                if run() { return }
                Task { await onReading(nil) }
            }
        }
    }

    func stop() { queue.async { [self] in session.stopRunning() } }

    /// Whether there is a camera to run.
    private func run() -> Bool {
        guard let camera = AVCaptureDevice.default(for: .video),
            let input = try? AVCaptureDeviceInput(device: camera), session.canAddInput(input)
        else { return false }
        let output = AVCaptureVideoDataOutput()
        output.videoSettings = [
            kCVPixelBufferPixelFormatTypeKey as String: kCVPixelFormatType_420YpCbCr8BiPlanarFullRange
        ]
        output.alwaysDiscardsLateVideoFrames = true
        output.setSampleBufferDelegate(planes, queue: queue)
        session.beginConfiguration()
        // The size the core reads.
        if session.canSetSessionPreset(.hd1280x720) { session.sessionPreset = .hd1280x720 }
        session.addInput(input)
        if session.canAddOutput(output) { session.addOutput(output) }
        session.commitConfiguration()
        session.startRunning()
        return true
    }
}
#endif
