#if !os(macOS)
import SwiftUI
import Tillsight

/// How a method stands, told by shape and sign and never by colour alone: a circle works, a diamond may, a
/// square does not; solid is known, an outline is likely.
struct Mark: View {
    let state: MethodState
    let colour: Color
    /// Of a solid shape's sign.
    let ink: Color

    var body: some View {
        Canvas { context, size in
            let wide = min(size.width, size.height)
            if isSolid {
                context.fill(outline(wide), with: .color(colour))
            } else {
                context.stroke(outline(wide), with: .color(colour), lineWidth: wide * 0.08)
            }
            let pen = StrokeStyle(lineWidth: wide * 0.09, lineCap: .round, lineJoin: .round)
            context.stroke(sign(wide), with: .color(isSolid ? ink : colour), style: pen)
        }
        .frame(width: Tokens.mark, height: Tokens.mark)
        // The row says it in words.
        .accessibilityHidden(true)
    }

    private var isSolid: Bool { state == .active || state == .inactive }

    private func outline(_ wide: CGFloat) -> Path {
        let square = CGRect(x: wide * 0.12, y: wide * 0.12, width: wide * 0.76, height: wide * 0.76)
        switch state {
        case .active, .likely:
            return Path(ellipseIn: CGRect(x: wide * 0.08, y: wide * 0.08, width: wide * 0.84, height: wide * 0.84))
        case .unsure:
            // A square on its corner, turned round the middle.
            let side = CGRect(x: wide * -0.32, y: wide * -0.32, width: wide * 0.64, height: wide * 0.64)
            let middle = CGAffineTransform(translationX: wide * 0.5, y: wide * 0.5)
            return Path(roundedRect: side, cornerRadius: wide * 0.12).applying(middle.rotated(by: .pi / 4))
        case .likelyNot, .inactive:
            return Path(roundedRect: square, cornerRadius: wide * 0.2)
        }
    }

    private func sign(_ wide: CGFloat) -> Path {
        let at = { (x: CGFloat, y: CGFloat) in CGPoint(x: x * wide, y: y * wide) }
        var path = Path()
        switch state {
        case .active, .likely:
            path.move(to: at(0.30, 0.52))
            path.addLine(to: at(0.44, 0.66))
            path.addLine(to: at(0.71, 0.36))
        case .unsure:
            path.move(to: at(0.40, 0.42))
            path.addCurve(to: at(0.60, 0.42), control1: at(0.40, 0.28), control2: at(0.60, 0.28))
            path.addCurve(to: at(0.50, 0.58), control1: at(0.60, 0.50), control2: at(0.50, 0.50))
            // The pen's round end is the point.
            path.move(to: at(0.50, 0.70))
            path.addLine(to: at(0.50, 0.70))
        case .likelyNot, .inactive:
            path.move(to: at(0.36, 0.36))
            path.addLine(to: at(0.64, 0.64))
            path.move(to: at(0.64, 0.36))
            path.addLine(to: at(0.36, 0.64))
        }
        return path
    }
}
#endif
