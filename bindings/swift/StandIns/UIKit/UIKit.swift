@_exported import Foundation

@MainActor open class UIView {
    public init() {}
    open class var layerClass: AnyClass { CALayer.self }
    public var layer: CALayer { fatalError() }
}
open class CALayer {}

@MainActor public final class UIApplication {
    public struct LaunchOptionsKey: Hashable, Sendable {}
    public func registerForRemoteNotifications() {}
}
public enum UIBackgroundFetchResult: Sendable { case newData, noData, failed }
/// All of it may be left out.
@MainActor public protocol UIApplicationDelegate: NSObjectProtocol {}

@MainActor public final class UIScreen {
    public static var main: UIScreen { fatalError() }
    public var brightness: CGFloat {
        get { 1 }
        set {}
    }
}
@MainActor public final class UIDevice {
    public static var current: UIDevice { fatalError() }
    public var name: String { "" }
}

public enum UIKeyboardType: Sendable { case numberPad, decimalPad, phonePad, emailAddress }
public struct UITextContentType: Sendable {
    public static let username = Self(), password = Self(), name = Self(), oneTimeCode = Self()
    public static let fullStreetAddress = Self()
}

public struct CGAffineTransform: Sendable {
    public init(translationX: CGFloat, y: CGFloat) {}
    public func rotated(by angle: CGFloat) -> CGAffineTransform { self }
    public func translatedBy(x: CGFloat, y: CGFloat) -> CGAffineTransform { self }
}
