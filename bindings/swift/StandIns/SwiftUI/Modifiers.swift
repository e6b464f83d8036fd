public enum ContentMode: Sendable { case fit, fill }
public enum VerticalEdge: Sendable { case top, bottom }
public struct Edge: Sendable {
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        public static let top = Self(rawValue: 1), bottom = Self(rawValue: 2), horizontal = Self(rawValue: 4)
        public static let vertical = Self(rawValue: 8), all = Self(rawValue: 15), leading = Self(rawValue: 16)
    }
}
public struct EdgeInsets: Sendable {
    public init(top: CGFloat, leading: CGFloat, bottom: CGFloat, trailing: CGFloat) {}
}
public enum Visibility: Sendable { case automatic, visible, hidden }

extension View {
    public func font(_ font: Font?) -> some View { self }
    public func foregroundStyle(_ style: some ShapeStyle) -> some View { self }
    public func tint(_ color: Color?) -> some View { self }
    public func background(_ style: some ShapeStyle, in shape: some Shape) -> some View { self }
    public func background(_ style: some ShapeStyle) -> some View { self }
    public func padding(_ length: CGFloat) -> some View { self }
    public func padding(_ edges: Edge.Set = .all, _ length: CGFloat? = nil) -> some View { self }
    public func frame(width: CGFloat? = nil, height: CGFloat? = nil, alignment: Alignment = .center) -> some View { self }
    public func frame(
        minWidth: CGFloat? = nil, maxWidth: CGFloat? = nil, minHeight: CGFloat? = nil, maxHeight: CGFloat? = nil,
        alignment: Alignment = .center
    ) -> some View { self }
    public func aspectRatio(_ ratio: CGFloat?, contentMode: ContentMode) -> some View { self }
    public func contentShape(_ shape: some Shape) -> some View { self }
    public func disabled(_ disabled: Bool) -> some View { self }
    public func tag(_ tag: some Hashable) -> some View { self }
    public func tabItem(@ViewBuilder _ label: () -> some View) -> some View { self }
    public func navigationTitle(_ title: some StringProtocol) -> some View { self }
    public func toolbar(@ViewBuilder content: () -> some View) -> some View { self }
    public func contextMenu(@ViewBuilder menuItems: () -> some View) -> some View { self }
    public func sheet(isPresented: Binding<Bool>, @ViewBuilder content: @escaping () -> some View) -> some View { self }
    public func safeAreaInset(edge: VerticalEdge, @ViewBuilder content: () -> some View) -> some View { self }
    public func listRowInsets(_ insets: EdgeInsets?) -> some View { self }
    public func listRowSeparator(_ visibility: Visibility) -> some View { self }
    public func listRowBackground(_ view: some View) -> some View { self }
    public func listStyle(_ style: some ListStyle) -> some View { self }
    public func scrollContentBackground(_ visibility: Visibility) -> some View { self }
    public func buttonStyle(_ style: some PrimitiveButtonStyle) -> some View { self }
    public func environment<Value>(_ path: WritableKeyPath<EnvironmentValues, Value>, _ value: Value) -> some View { self }

    public func task(_ action: @escaping @MainActor @Sendable () async -> Void) -> some View { self }
    public func task(id: some Equatable, _ action: @escaping @MainActor @Sendable () async -> Void) -> some View { self }
    public func refreshable(action: @escaping @MainActor @Sendable () async -> Void) -> some View { self }
    public func onAppear(perform: (() -> Void)?) -> some View { self }
    public func onChange(of value: some Equatable, _ action: @escaping () -> Void) -> some View { self }
    public func onChange<Value: Equatable>(of value: Value, _ action: @escaping (Value, Value) -> Void) -> some View { self }
    public func onTapGesture(perform: @escaping () -> Void) -> some View { self }

    public func accessibilityElement(children: AccessibilityChildBehavior) -> some View { self }
    public func accessibilityLabel(_ words: some StringProtocol) -> some View { self }
    public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View { self }
    public func accessibilityHidden(_ hidden: Bool) -> some View { self }

    public func textInputAutocapitalization(_ kind: TextInputAutocapitalization?) -> some View { self }
    public func autocorrectionDisabled(_ disabled: Bool = true) -> some View { self }
    public func keyboardType(_ kind: UIKeyboardType) -> some View { self }
    public func textContentType(_ kind: UITextContentType?) -> some View { self }
}
