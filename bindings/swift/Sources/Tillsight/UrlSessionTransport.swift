import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Carries calls to the wallet server by `URLSession`, which asks the system for its proxy, takes the
/// certificates that the person has installed and keeps App Transport Security. The library without its
/// own HTTP client is a third smaller. For Apple's platforms: the Foundation of Linux ends the process at an
/// answer of 401.
public final class UrlSessionTransport: HttpTransport {
    private static let mostBytes = 8 << 20
    private static let wholeCall: TimeInterval = 8

    private let session: URLSession
    private let calls = Calls()

    /// - Parameter configuration: of the app; cookies, caches and time limits of its own are left out.
    public init(configuration: URLSessionConfiguration = .ephemeral) {
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.timeoutIntervalForResource = Self.wholeCall
        session = URLSession(configuration: configuration, delegate: calls, delegateQueue: nil)
    }

    deinit { session.invalidateAndCancel() }

    public func send(_ request: HttpRequest) throws(HttpProblem) -> HttpReply {
        guard let url = URL(string: request.url) else { throw .unreachable }
        var asked = URLRequest(url: url)
        asked.httpMethod = request.method
        asked.timeoutInterval = TimeInterval(request.answerWithinMs) / 1000
        for header in request.headers { asked.addValue(header.value, forHTTPHeaderField: header.name) }
        if !request.body.isEmpty { asked.httpBody = request.body }
        let call = Call(most: Self.mostBytes)
        let task = session.dataTask(with: asked)
        calls.begin(call, of: task)
        task.resume()
        let ended = call.wait(Self.wholeCall)
        if !ended { task.cancel() }
        calls.forget(task)
        return try call.reply(ended: ended)
    }
}

/// One call, written by the session's queue and read by the thread that waits for it.
private final class Call: @unchecked Sendable {
    private let most: Int
    private let lock = NSLock()
    private let done = DispatchSemaphore(value: 0)
    private var response: HTTPURLResponse?
    private var body = Data()
    private var problem: HttpProblem?

    init(most: Int) { self.most = most }

    func wait(_ seconds: TimeInterval) -> Bool { done.wait(timeout: .now() + seconds) == .success }

    func heard(_ response: URLResponse) { lock.withLock { self.response = response as? HTTPURLResponse } }

    /// Whether more is read.
    func received(_ data: Data) -> Bool {
        lock.withLock {
            if body.count + data.count > most { problem = .tooLarge } else { body.append(data) }
            return problem == nil
        }
    }

    func ended(_ error: (any Error)?) {
        lock.withLock {
            if let error, problem == nil {
                problem = (error as? URLError)?.code == .timedOut ? .timeout : .unreachable
            }
        }
        done.signal()
    }

    func reply(ended: Bool) throws(HttpProblem) -> HttpReply {
        let (response, body, problem) = lock.withLock { (self.response, self.body, self.problem) }
        if let problem { throw problem }
        guard ended else { throw .timeout }
        guard let response, let status = UInt16(exactly: response.statusCode) else { throw .unreachable }
        let headers = response.allHeaderFields.compactMap { name, value -> HttpHeader? in
            guard let name = name as? String, let value = value as? String else { return nil }
            return HttpHeader(name: name, value: value)
        }
        return HttpReply(status: status, headers: headers, body: body)
    }
}

/// The calls under way, by the task of each.
private final class Calls: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let lock = NSLock()
    private var calls: [Int: Call] = [:]

    func begin(_ call: Call, of task: URLSessionTask) {
        lock.withLock { calls[task.taskIdentifier] = call }
    }

    func forget(_ task: URLSessionTask) {
        lock.withLock { _ = calls.removeValue(forKey: task.taskIdentifier) }
    }

    private func call(of task: URLSessionTask) -> Call? { lock.withLock { calls[task.taskIdentifier] } }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        call(of: dataTask)?.heard(response)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        if call(of: dataTask)?.received(data) == false { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        call(of: task)?.ended(error)
    }
}
