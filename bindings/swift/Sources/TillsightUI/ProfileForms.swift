#if !os(macOS)
import SwiftUI
import Tillsight
import TillsightWords

/// Who the member is, to be changed with the password.
struct ProfileForm: View {
    let profile: ProfileRow
    let member: Membership
    let words: FormWords
    @State private var name = ""
    @State private var address = ""
    @State private var phone = ""
    @State private var password = ""

    var body: some View {
        SwiftUI.Section(words.profile) {
            TextField(words.name, text: $name).textContentType(.name)
            TextField(words.address, text: $address).textContentType(.fullStreetAddress)
            TextField(words.phone, text: $phone).keyboardType(.phonePad)
            SecureField(words.presentPassword, text: $password)
            Button(words.change) {
                let ask = ProfileAsk(name: name, address: address, phone: phone)
                Task { await member.changeProfile(ask, password: password) }
            }
            .disabled([name, address, phone, password].contains(""))
        }
        .onAppear { (name, address, phone) = (profile.name, profile.address, profile.phone) }
    }
}

/// Where codes are sent: another address, or the code that was sent there.
struct EmailForm: View {
    let member: Membership
    let words: FormWords
    @State private var email = ""
    @State private var password = ""
    @State private var code = ""

    var body: some View {
        if member.awaited == .email {
            SwiftUI.Section(words.codeSent) {
                TextField(words.code, text: $code)
                    .keyboardType(.numberPad)
                    .textContentType(.oneTimeCode)
                Button(words.confirm) { Task { await member.confirmEmail(code: code) } }
                    .disabled(code.isEmpty)
            }
        } else {
            SwiftUI.Section {
                TextField(words.newEmail, text: $email)
                    .keyboardType(.emailAddress)
                    .textInputAutocapitalization(.never)
                SecureField(words.presentPassword, text: $password)
                Button(words.sendCode) {
                    Task { await member.changeEmail(email, password: password) }
                }
                .disabled(email.isEmpty || password.isEmpty)
            }
        }
    }
}
#endif
