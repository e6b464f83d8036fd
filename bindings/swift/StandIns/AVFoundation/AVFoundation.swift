import Dispatch
import Tillsight
import UIKit

public struct AVMediaType: Sendable { public static let video = Self() }
public let kCVPixelBufferPixelFormatTypeKey = "PixelFormatType"
public let kCVPixelFormatType_420YpCbCr8BiPlanarFullRange: UInt32 = 0

public class AVCaptureDevice {
    public static func requestAccess(for type: AVMediaType) async -> Bool { false }
    public static func `default`(for type: AVMediaType) -> AVCaptureDevice? { nil }
}
public class AVCaptureInput {}
public final class AVCaptureDeviceInput: AVCaptureInput {
    public init(device: AVCaptureDevice) throws {}
}
public class AVCaptureOutput {}
public final class AVCaptureVideoDataOutput: AVCaptureOutput {
    public override init() {}
    public var videoSettings: [String: Any]!
    public var alwaysDiscardsLateVideoFrames = false
    public func setSampleBufferDelegate(
        _ delegate: (any AVCaptureVideoDataOutputSampleBufferDelegate)?, queue: DispatchQueue?
    ) {}
}
public protocol AVCaptureVideoDataOutputSampleBufferDelegate {}
public final class AVCaptureSession: @unchecked Sendable {
    public enum Preset { case hd1280x720 }
    public init() {}
    public var sessionPreset = Preset.hd1280x720
    public func canSetSessionPreset(_ preset: Preset) -> Bool { false }
    public func canAddInput(_ input: AVCaptureInput) -> Bool { false }
    public func canAddOutput(_ output: AVCaptureOutput) -> Bool { false }
    public func addInput(_ input: AVCaptureInput) {}
    public func addOutput(_ output: AVCaptureOutput) {}
    public func beginConfiguration() {}
    public func commitConfiguration() {}
    public func startRunning() {}
    public func stopRunning() {}
}
public enum AVLayerVideoGravity { case resizeAspectFill }
public final class AVCaptureVideoPreviewLayer: CALayer {
    public var session: AVCaptureSession?
    public var videoGravity = AVLayerVideoGravity.resizeAspectFill
}

/// Tillsight's own, on Apple platforms only.
public final class CameraPlanes: AVCaptureVideoDataOutputSampleBufferDelegate, Sendable {
    public init(_ wallet: Wallet, onReading: @escaping @Sendable (Result<PlaneReading, any Error>) -> Void) {}
}
