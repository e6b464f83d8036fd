@preconcurrency import AVFoundation
import SwiftUI
import Tillsight

/// The camera's picture; `told` hears what each picture led to.
struct CameraView: UIViewRepresentable {
    let wallet: Wallet
    let told: @MainActor @Sendable (Result<PlaneReading, any Error>) -> Void

    func makeCoordinator() -> Camera { Camera(wallet, told: told) }

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
    private let queue = DispatchQueue(label: "app.tillsight.example.camera")
    private let planes: CameraPlanes

    init(_ wallet: Wallet, told: @escaping @MainActor @Sendable (Result<PlaneReading, any Error>) -> Void) {
        planes = CameraPlanes(wallet) { outcome in Task { @MainActor in told(outcome) } }
    }

    func start() {
        queue.async { [self] in
            guard let camera = AVCaptureDevice.default(for: .video),
                let input = try? AVCaptureDeviceInput(device: camera), session.canAddInput(input)
            else { return }
            let output = AVCaptureVideoDataOutput()
            output.videoSettings = [
                kCVPixelBufferPixelFormatTypeKey as String:
                    kCVPixelFormatType_420YpCbCr8BiPlanarFullRange
            ]
            output.alwaysDiscardsLateVideoFrames = true
            output.setSampleBufferDelegate(planes, queue: queue)
            session.addInput(input)
            if session.canAddOutput(output) { session.addOutput(output) }
            session.startRunning()
        }
    }

    func stop() { queue.async { [self] in session.stopRunning() } }
}
