@propertyWrapper
public struct State<Value> {
    public init(wrappedValue: Value) { fatalError() }
    public init() where Value: ExpressibleByNilLiteral { fatalError() }
    public var wrappedValue: Value {
        get { fatalError() }
        nonmutating set {}
    }
    public var projectedValue: Binding<Value> { fatalError() }
}

@propertyWrapper
public struct Binding<Value> {
    public init(get: @escaping () -> Value, set: @escaping (Value) -> Void) {}
    public var wrappedValue: Value {
        get { fatalError() }
        nonmutating set {}
    }
    public var projectedValue: Binding<Value> { self }
}

@propertyWrapper
public struct Environment<Value> {
    public init(_ path: KeyPath<EnvironmentValues, Value>) {}
    public var wrappedValue: Value { fatalError() }
}

public protocol EnvironmentKey {
    associatedtype Value
    static var defaultValue: Value { get }
}

public struct EnvironmentValues {
    public subscript<Key: EnvironmentKey>(key: Key.Type) -> Key.Value {
        get { Key.defaultValue }
        set {}
    }
    public var dynamicTypeSize: DynamicTypeSize { .large }
    public var scenePhase: ScenePhase { .active }
    public var colorScheme: ColorScheme { .light }
    public var locale: Locale {
        get { .current }
        set {}
    }
    public var layoutDirection: LayoutDirection {
        get { .leftToRight }
        set {}
    }
}

public enum DynamicTypeSize: Sendable {
    case large
    public var isAccessibilitySize: Bool { false }
}
public enum ScenePhase: Sendable { case active, inactive, background }
public enum ColorScheme: Sendable { case light, dark }
public enum LayoutDirection: Sendable { case leftToRight, rightToLeft }

public struct AccessibilityTraits: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let isHeader = Self(rawValue: 1), isButton = Self(rawValue: 2)
}
public struct AccessibilityChildBehavior: Sendable {
    public static let ignore = Self(), combine = Self(), contain = Self()
}
public enum AccessibilityNotification {
    public struct Announcement {
        public init(_ words: some StringProtocol) {}
        public func post() {}
    }
}

public struct TextInputAutocapitalization: Sendable {
    public static var never: Self { Self() }
    public static var characters: Self { Self() }
}

public struct BorderedButtonStyle: Sendable {}
public struct BorderedProminentButtonStyle: Sendable {}
public struct PlainButtonStyle: Sendable {}
public protocol PrimitiveButtonStyle {}
extension BorderedButtonStyle: PrimitiveButtonStyle {}
extension BorderedProminentButtonStyle: PrimitiveButtonStyle {}
extension PlainButtonStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == BorderedButtonStyle { public static var bordered: Self { Self() } }
extension PrimitiveButtonStyle where Self == BorderedProminentButtonStyle {
    public static var borderedProminent: Self { Self() }
}
extension PrimitiveButtonStyle where Self == PlainButtonStyle { public static var plain: Self { Self() } }

public protocol ListStyle {}
public struct PlainListStyle: ListStyle {}
extension ListStyle where Self == PlainListStyle { public static var plain: Self { Self() } }
