public protocol ShapeStyle: Sendable {}

extension Color: Drawn {}
// Of no actor, as the real one, which also becomes a view apart.
public struct Color: ShapeStyle, Hashable {
    public enum RGBColorSpace: Sendable { case sRGB }
    public init(
        _ space: RGBColorSpace = .sRGB, red: Double, green: Double, blue: Double, opacity: Double = 1
    ) {}
    public static var clear: Color { fatalError() }
    public static var red: Color { fatalError() }
    public static var white: Color { fatalError() }
    public static var black: Color { fatalError() }
    public static var primary: Color { fatalError() }
    public static var secondary: Color { fatalError() }
}

public struct HierarchicalShapeStyle: ShapeStyle {}
extension ShapeStyle where Self == HierarchicalShapeStyle {
    public static var primary: Self { Self() }
    public static var secondary: Self { Self() }
}
extension ShapeStyle where Self == Color {
    public static var red: Color { fatalError() }
    public static var white: Color { fatalError() }
    public static var black: Color { fatalError() }
}

public struct Font: Hashable, Sendable {
    public enum TextStyle: Sendable {
        case largeTitle, title, title2, title3, headline, subheadline, body, callout, footnote, caption
    }
    public enum Weight: Sendable { case regular, medium, semibold, bold }
    public static func system(_ style: TextStyle) -> Font { Font() }
    public static var title2: Font { Font() }
    public static var title3: Font { Font() }
    public static var headline: Font { Font() }
    public static var subheadline: Font { Font() }
    public static var body: Font { Font() }
    public static var footnote: Font { Font() }
    public static var caption: Font { Font() }
    public func bold() -> Font { self }
    public func weight(_ weight: Weight) -> Font { self }
}

public enum LineCap: Sendable { case butt, round }
public enum LineJoin: Sendable { case miter, round }
public struct StrokeStyle: Sendable {
    public init(lineWidth: CGFloat = 1, lineCap: LineCap = .butt, lineJoin: LineJoin = .miter) {}
}

extension Path: Shape {}
public struct Path: Sendable {
    public init() {}
    public init(_ rect: CGRect) {}
    public init(ellipseIn rect: CGRect) {}
    public init(roundedRect rect: CGRect, cornerRadius: CGFloat) {}
    public mutating func move(to point: CGPoint) {}
    public mutating func addLine(to point: CGPoint) {}
    public mutating func addCurve(to point: CGPoint, control1: CGPoint, control2: CGPoint) {}
    public func applying(_ transform: CGAffineTransform) -> Path { self }
    public func path(in rect: CGRect) -> Path { self }
}

public protocol Shape: Drawn, Sendable {
    nonisolated func path(in rect: CGRect) -> Path
}
extension RoundedRectangle: Shape {}
public struct RoundedRectangle: Sendable {
    public init(cornerRadius: CGFloat) {}
    public func path(in rect: CGRect) -> Path { Path() }
}
extension Rectangle: Shape {}
public struct Rectangle: Sendable {
    public init() {}
    public func path(in rect: CGRect) -> Path { Path() }
}
extension Shape where Self == Rectangle { public static var rect: Rectangle { Rectangle() } }

public struct GraphicsContext {
    public struct Shading { public static func color(_ color: Color) -> Shading { Shading() } }
    public func fill(_ path: Path, with shading: Shading) {}
    public func stroke(_ path: Path, with shading: Shading, style: StrokeStyle) {}
    public func stroke(_ path: Path, with shading: Shading, lineWidth: CGFloat = 1) {}
}
public struct Canvas: Drawn {
    public init(renderer: @escaping (inout GraphicsContext, CGSize) -> Void) {}
}
