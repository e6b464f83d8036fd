#if !os(macOS)
import SwiftUI
import Tillsight
import TillsightWords

/// The account page: forms to register and log in, or the member with the devices.
struct AccountView: View {
    let member: Membership
    let pushes: Pushes?
    let words: FormWords
    let why: Words
    @State private var leaving = ""

    var body: some View {
        List {
            Refusal(error: member.refused, words: words, why: why)
            switch member.account?.server {
            case .loggedOut: StrangerForms(member: member, words: words, why: why)
            case .away: Text(words.away)
            default: forms
            }
        }
        .navigationTitle(words.account)
        .task { await member.openAccount() }
    }

    @ViewBuilder
    private var forms: some View {
        let account = member.account
        Row(
            title: account?.userId ?? "", amount: account?.profile?.name ?? "",
            detail: account?.profile?.email ?? "")
        SwiftUI.Section(words.devices) {
            ForEach(account?.devices ?? [], id: \.id) { device in
                Row(title: name(device), detail: state(device))
                if device.isLoggedIn && !device.isThis {
                    Button(words.logOut) { Task { await member.logOut(device: device.id) } }
                    LetPayForm(device: device.id, member: member, words: words)
                }
            }
        }
        Text(words.pushes(reach: pushes?.reach == true))
        let wallets = (member.deposits?.wallets ?? []).compactMap(\.balance)
        if let limit = member.limit,
            let wallet = wallets.first(where: { $0.currency == limit.currency })
        {
            UnlockForm(limit: limit, wallet: wallet, member: member, words: words)
        }
        if let profile = account?.profile {
            ProfileForm(profile: profile, member: member, words: words)
            EmailForm(member: member, words: words)
        }
        SecretForm(kind: .password, member: member, words: words)
        SecretForm(kind: .settlementCode, member: member, words: words)
        PositionUsesView(member: member, words: words)
        Button(words.logOut) { Task { await member.logOut() } }
        Button(words.export) { Task { await member.exportData() } }
        if let file = member.export { ShareLink(item: file) }
        SwiftUI.Section {
            SecureField(words.presentPassword, text: $leaving)
            Button(words.leave, role: .destructive) {
                Task { await member.leave(password: leaving) }
            }
            .disabled(leaving.isEmpty)
        }
    }

    private func name(_ device: DeviceRow) -> String {
        [device.name, device.system].first { !$0.isEmpty } ?? words.nameless
    }

    private func state(_ device: DeviceRow) -> String {
        [device.isThis ? words.thisDevice : nil, device.isLoggedIn ? nil : words.loggedOut]
            .compactMap(\.self).joined(separator: " · ")
    }
}

/// Another password or settlement code.
private struct SecretForm: View {
    let kind: SecretKind
    let member: Membership
    let words: FormWords
    @State private var present = ""
    @State private var new = ""

    var body: some View {
        let password = kind == .password
        SwiftUI.Section {
            SecureField(password ? words.presentPassword : words.presentSettlementCode, text: $present)
            SecureField(password ? words.newPassword : words.newSettlementCode, text: $new)
            Button(words.change) {
                Task { await member.changeSecret(kind, present: present, new: new) }
            }
            .disabled(present.isEmpty || new.isEmpty)
        }
    }
}

/// Forms of somebody who is not logged in.
private struct StrangerForms: View {
    let member: Membership
    let words: FormWords
    let why: Words
    @State private var userId = ""
    @State private var password = ""
    @State private var code = ""
    @State private var settlementCode = ""
    @State private var name = ""
    @State private var address = ""
    @State private var phone = ""
    @State private var email = ""

    var body: some View {
        SwiftUI.Section {
            TextField(why.userId, text: $userId)
                .textInputAutocapitalization(.never)
                .autocorrectionDisabled()
                .textContentType(.username)
            SecureField(why.password, text: $password).textContentType(.password)
            Button(why.logIn) { Task { await member.logIn(userId: userId, password: password) } }
            Button(words.forgot) { Task { await member.forgotPassword(userId: userId) } }
                .disabled(userId.isEmpty)
        }
        switch member.awaited {
        case .join, .reset: codeForm
        case .email, nil: joinForm
        }
    }

    /// A code that was sent, and the new password where one is set anew.
    private var codeForm: some View {
        SwiftUI.Section(words.codeSent) {
            TextField(words.code, text: $code).keyboardType(.numberPad).textContentType(.oneTimeCode)
            if member.awaited == .reset { SecureField(words.newPassword, text: $password) }
            Button(words.confirm) {
                Task {
                    switch member.awaited {
                    case .join: await member.confirmJoin(code: code)
                    case .reset: await member.resetPassword(code: code, new: password)
                    case .email, nil: break
                    }
                }
            }
            .disabled(code.isEmpty)
        }
    }

    private var joinForm: some View {
        SwiftUI.Section(words.join) {
            SecureField(words.newSettlementCode, text: $settlementCode).keyboardType(.numberPad)
            TextField(words.name, text: $name).textContentType(.name)
            TextField(words.address, text: $address).textContentType(.fullStreetAddress)
            TextField(words.phone, text: $phone).keyboardType(.phonePad)
            TextField(words.email, text: $email).keyboardType(.emailAddress)
                .textInputAutocapitalization(.never)
            Button(words.sendCode) {
                let ask = JoinAsk(
                    userId: userId, password: password, settlementCode: settlementCode, name: name,
                    address: address, phone: phone, email: email)
                Task { await member.join(ask) }
            }
            .disabled([userId, password, settlementCode, name, address, phone, email].contains(""))
        }
    }
}
#endif
