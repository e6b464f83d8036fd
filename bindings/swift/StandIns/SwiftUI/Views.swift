@_exported import Foundation
@_exported import UIKit

@MainActor @preconcurrency
public protocol View {
    associatedtype Body: View
    @ViewBuilder var body: Body { get }
}

extension Never: View {
    public var body: Never { return fatalError() }
}

/// A view that is drawn and made of no others.
public protocol Drawn: View where Body == Never {}

extension Drawn {
    public var body: Never { return fatalError() }
}

@resultBuilder
public enum ViewBuilder {
    public static func buildExpression<Content: View>(_ content: Content) -> Content { content }
    public static func buildBlock<each Content: View>(_ content: repeat each Content) -> Several<
        repeat each Content
    > { Several() }
    public static func buildIf<Content: View>(_ content: Content?) -> Several<Content> { Several() }
    public static func buildEither<One: View, Other: View>(first: One) -> Either<One, Other> { Either() }
    public static func buildEither<One: View, Other: View>(second: Other) -> Either<One, Other> { Either() }
    public static func buildLimitedAvailability<Content: View>(_ content: Content) -> Content { content }
}

public struct Several<each Content: View>: Drawn {}
public struct Either<One: View, Other: View>: Drawn {}
public struct EmptyView: Drawn { public init() {} }
public struct Group<Content: View>: Drawn { public init(@ViewBuilder content: () -> Content) {} }

@MainActor @preconcurrency
public protocol App {
    associatedtype Scenes: Scene
    var body: Scenes { get }
    init()
}
extension App { public static func main() {} }
public protocol Scene {}
@MainActor @propertyWrapper
public struct UIApplicationDelegateAdaptor<Delegate: NSObject & UIApplicationDelegate> {
    public init(_ type: Delegate.Type = Delegate.self) {}
    public var wrappedValue: Delegate { fatalError() }
}

public struct WindowGroup<Content: View>: Scene { public init(@ViewBuilder content: () -> Content) {} }

public enum HorizontalAlignment: Sendable { case leading, center, trailing }
public enum VerticalAlignment: Sendable { case top, center, bottom, firstTextBaseline }
public enum Alignment: Sendable { case leading, center, trailing, top, bottom, topLeading }

public struct VStack<Content: View>: Drawn {
    public init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content
    ) {}
}
public struct HStack<Content: View>: Drawn {
    public init(
        alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content
    ) {}
}
public struct ZStack<Content: View>: Drawn {
    public init(alignment: Alignment = .center, @ViewBuilder content: () -> Content) {}
}
public struct Spacer: Drawn { public init(minLength: CGFloat? = nil) {} }

public struct List<Content: View>: Drawn { public init(@ViewBuilder content: () -> Content) {} }
public struct Section<Header: View, Content: View>: Drawn {
    public init(@ViewBuilder content: () -> Content) where Header == EmptyView {}
    public init(_ title: some StringProtocol, @ViewBuilder content: () -> Content) where Header == Text {}
    public init(@ViewBuilder content: () -> Content, @ViewBuilder header: () -> Header) {}
}
public struct ForEach<Data: RandomAccessCollection, ID: Hashable, Content: View>: Drawn {
    public init(
        _ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder content: @escaping (Data.Element) -> Content
    ) {}
    public func onMove(perform: ((IndexSet, Int) -> Void)?) -> some View { self }
}
public struct NavigationStack<Content: View>: Drawn { public init(@ViewBuilder root: () -> Content) {} }
public struct TabView<Selection: Hashable, Content: View>: Drawn {
    public init(selection: Binding<Selection>?, @ViewBuilder content: () -> Content) {}
}

public struct Text: Drawn {
    public enum DateStyle: Sendable { case timer, time, relative }
    public init(_ words: some StringProtocol) {}
    public init(verbatim words: String) {}
    public init(_ date: Date, style: DateStyle) {}
    public func font(_ font: Font?) -> Text { self }
    public func monospaced() -> Text { self }
    public func foregroundStyle(_ style: some ShapeStyle) -> Text { self }
}
public struct Label: Drawn { public init(_ title: some StringProtocol, systemImage: String) {} }
public struct Image: Drawn { public init(systemName: String) {} }
public struct LabeledContent<Content: View>: Drawn {
    public init(_ title: some StringProtocol, @ViewBuilder content: () -> Content) {}
    public init(_ title: some StringProtocol, value: some StringProtocol) where Content == Text {}
}

public struct ButtonRole: Sendable { public static let destructive = ButtonRole(), cancel = ButtonRole() }
public struct Button<Content: View>: Drawn {
    public init(_ title: some StringProtocol, action: @escaping @MainActor () -> Void) where Content == Text {}
    public init(_ title: some StringProtocol, role: ButtonRole?, action: @escaping @MainActor () -> Void)
    where Content == Text {}
    public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Content) {}
}
public struct Menu<Content: View>: Drawn {
    public init(_ title: some StringProtocol, @ViewBuilder content: () -> Content) {}
}
public struct EditButton: Drawn { public init() {} }
public struct TextField: Drawn { public init(_ title: some StringProtocol, text: Binding<String>) {} }
public struct SecureField: Drawn { public init(_ title: some StringProtocol, text: Binding<String>) {} }
public struct Picker<Selection: Hashable, Content: View>: Drawn {
    public init(
        _ title: some StringProtocol, selection: Binding<Selection>, @ViewBuilder content: () -> Content
    ) {}
}
public struct ShareLink: Drawn {
    public init(item: String) {}
    public init(item: URL) {}
}

@MainActor @preconcurrency
public protocol UIViewRepresentable: Drawn {
    associatedtype UIViewType: UIView
    associatedtype Coordinator = Void
    typealias Context = UIViewRepresentableContext<Self>
    func makeUIView(context: Context) -> UIViewType
    func updateUIView(_ view: UIViewType, context: Context)
    func makeCoordinator() -> Coordinator
    static func dismantleUIView(_ view: UIViewType, coordinator: Coordinator)
}
public struct UIViewRepresentableContext<Representable: UIViewRepresentable> {
    public var coordinator: Representable.Coordinator { fatalError() }
}
