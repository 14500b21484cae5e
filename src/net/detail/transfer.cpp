#include "net/detail/transfer.h"

#include <chrono>
#include <cstdlib>
#include <cstring>

#include "base/text.h"

namespace seawall::net::detail {
namespace {

constexpr std::size_t max_idle_connections = 16;
constexpr std::size_t max_header_bytes = std::size_t{256} << 10;
constexpr long receive_buffer = 512L << 10;
// More than a receive buffer: libcurl is paused only where it hands over more than we asked for.
constexpr std::size_t max_spill = std::size_t{1} << 20;

void initialise_library() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  SW_CHECK(once == CURLE_OK);
}

Code code_of(CURLcode result) {
  switch (result) {
    case CURLE_OPERATION_TIMEDOUT:
      return Code::timeout;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return Code::invalid;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
      return Code::denied;
    default:
      return Code::unavailable;
  }
}

bool has_line_break(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

Connection::Connection() {
  initialise_library();
  multi = curl_multi_init();
  easy = curl_easy_init();
  SW_CHECK(multi != nullptr && easy != nullptr);
}

Connection::~Connection() {
  curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
}

std::unique_ptr<Connection> ConnectionPool::take(const std::string& origin) {
  {
    std::lock_guard lock(mutex_);
    for (auto it = idle_.rbegin(); it != idle_.rend(); ++it) {
      if ((*it)->origin != origin) continue;
      auto found = std::move(*it);
      idle_.erase(std::next(it).base());
      return found;
    }
  }
  auto fresh = std::make_unique<Connection>();
  fresh->origin = origin;
  return fresh;
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection) {
  std::unique_ptr<Connection> oldest;  // closed outside the lock
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
  if (idle_.size() <= max_idle_connections) return;
  oldest = std::move(idle_.front());
  idle_.erase(idle_.begin());
}

Transfer::Transfer(std::shared_ptr<ConnectionPool> pool, const ClientOptions& options, std::string ca_pem)
    : pool_(std::move(pool)), options_(options), ca_pem_(std::move(ca_pem)) {}

Transfer::~Transfer() {
  if (!connection_) return;
  // Removing an unfinished transfer closes its connection; a finished one keeps it for the next.
  if (attached_) curl_multi_remove_handle(connection_->multi, connection_->easy);
  curl_easy_reset(connection_->easy);
  pool_->give_back(std::move(connection_));
}

Result<> Transfer::start(const Request& request, const Url& url, Certificate certificate) {
  // A client certificate belongs to the connection: one that has shown it is not used for requests without it.
  connection_ = pool_->take(url.origin() + (certificate == Certificate::withheld ? "" : " with certificate"));
  head_.url = url.text;
  configure(request, url);
  configure_tls(certificate);
  configure_proxy(url);
  configure_body(request);
  SW_TRY(configure_headers(request));
  curl_multi_add_handle(connection_->multi, connection_->easy);
  attached_ = true;
  while (!headers_done_ && !finished_) SW_TRY(step());
  if (!headers_done_) SW_TRY(outcome());
  if (head_.status == 0) return fail(Code::unavailable, "the server closed the connection without an answer");
  return {};
}

void Transfer::configure(const Request& request, const Url& url) {
  CURL* easy = connection_->easy;
  curl_easy_setopt(easy, CURLOPT_URL, url.text.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  // One request a connection at a time: HTTP/2 would only add its framing.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, receive_buffer);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, static_cast<long>(request.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, message_);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header_callback);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_callback);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  // Headers meant for the server are not shown to a proxy.
  curl_easy_setopt(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void Transfer::configure_tls(Certificate certificate) {
  CURL* easy = connection_->easy;
  if (options_.verify == TlsVerify::off_for_tests_only) {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_pem_.empty()) {
    // Replaces the system's bundle file; the system's certificate folder stays in use beside it.
    curl_blob blob{.data = ca_pem_.data(), .len = ca_pem_.size(), .flags = CURL_BLOB_NOCOPY};
    curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
  }
  if (certificate == Certificate::withheld || options_.client_certificate.empty()) return;
  curl_easy_setopt(easy, CURLOPT_SSLCERT, options_.client_certificate.c_str());
  if (!options_.client_key.empty()) curl_easy_setopt(easy, CURLOPT_SSLKEY, options_.client_key.c_str());
}

void Transfer::configure_proxy(const Url& url) {
  CURL* easy = connection_->easy;
  if (!options_.proxy.empty()) {
    curl_easy_setopt(easy, CURLOPT_PROXY, options_.proxy.c_str());
  } else if (is_loopback(url.host)) {
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
  } else if (url.scheme == "http" && environment("http_proxy").empty()) {
    // libcurl reads only the lower-case name, for the sake of CGI programs; we are none.
    auto proxy = environment("HTTP_PROXY");
    if (!proxy.empty()) curl_easy_setopt(easy, CURLOPT_PROXY, proxy.c_str());
  }
}

void Transfer::configure_body(const Request& request) {
  CURL* easy = connection_->easy;
  if (request.upload != nullptr) {
    upload_ = request.upload;
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, upload_callback);
    curl_easy_setopt(easy, CURLOPT_READDATA, this);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.upload_size));
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, receive_buffer);
  } else if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
             request.method == "PATCH") {
    body_to_send_ = request.body;
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body_to_send_.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_to_send_.size()));
  }
  if (request.method != "HEAD") curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

Result<> Transfer::configure_headers(const Request& request) {
  auto add = [this](const std::string& line) { headers_.reset(curl_slist_append(headers_.release(), line.c_str())); };
  bool typed = false;
  for (auto& [name, value] : request.headers) {
    if (has_line_break(name) || has_line_break(value)) return fail(Code::invalid, "line break in header " + name);
    // An empty value is written "Name;" for libcurl, else the header is left out.
    add(value.empty() ? name + ";" : name + ": " + value);
    typed = typed || equal_ignoring_case(name, "content-type");
  }
  add("Expect:");
  if (!typed) add("Content-Type:");
  curl_easy_setopt(connection_->easy, CURLOPT_HTTPHEADER, headers_.get());
  return {};
}

// Lets libcurl do what it can without waiting; waits once where that was nothing.
Result<> Transfer::step() {
  auto before = bytes_in_window_;
  int running = 0;
  auto code = curl_multi_perform(connection_->multi, &running);
  if (code != CURLM_OK) return fail(Code::internal, curl_multi_strerror(code));
  collect_result();
  if (finished_ || bytes_in_window_ != before) return {};
  return wait_for_bytes();
}

Result<> Transfer::wait_for_bytes() {
  auto left = options_.stall_timeout - waited_;
  if (left.count() <= 0) {
    if (bytes_in_window_ < options_.drip_bytes)
      return fail(Code::timeout, "the server sent " + std::to_string(bytes_in_window_) + " bytes in " +
                                     std::to_string(options_.stall_timeout.count()) + " ms");
    waited_ = std::chrono::milliseconds{0};
    bytes_in_window_ = 0;
    left = options_.stall_timeout;
  }
  auto begin = std::chrono::steady_clock::now();
  if (options_.deadline) {
    if (begin >= *options_.deadline) return fail(Code::timeout, "no whole answer before the time was up");
    left = std::min(left, std::chrono::ceil<std::chrono::milliseconds>(*options_.deadline - begin));
  }
  curl_multi_poll(connection_->multi, nullptr, 0, static_cast<int>(std::min<std::int64_t>(left.count(), 1000)),
                  nullptr);
  // Rounded up, so that many short waits add up to a stall too.
  waited_ += std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  return {};
}

void Transfer::collect_result() {
  int queued = 0;
  while (CURLMsg* message = curl_multi_info_read(connection_->multi, &queued)) {
    if (message->msg != CURLMSG_DONE) continue;
    result_ = message->data.result;
    finished_ = true;
  }
}

Result<> Transfer::outcome() {
  if (upload_error_) return std::unexpected(*upload_error_);
  if (too_many_headers_) return fail(Code::exhausted, "response headers exceed " + human_size(max_header_bytes));
  if (result_ == CURLE_OK) return {};
  std::string what = message_[0] != '\0' ? message_ : curl_easy_strerror(result_);
  return fail(code_of(result_), std::move(what));
}

std::size_t Transfer::take_spilled(std::span<char> buffer) {
  auto n = spill_.copy(buffer.data(), buffer.size(), spill_offset_);
  spill_offset_ += n;
  if (spill_offset_ == spill_.size()) {
    spill_.clear();
    spill_offset_ = 0;
  }
  return n;
}

Result<std::size_t> Transfer::read(std::span<char> buffer) {
  if (buffer.empty()) return std::size_t{0};
  if (!spill_.empty()) return take_spilled(buffer);
  target_ = buffer;
  in_target_ = 0;
  if (paused_ && !finished_) {
    paused_ = false;
    curl_easy_pause(connection_->easy, CURLPAUSE_CONT);  // delivers at once what was held back
  }
  while (in_target_ == 0 && !finished_) {
    if (auto stepped = step(); !stepped) {
      target_ = {};
      return std::unexpected(std::move(stepped).error());
    }
  }
  target_ = {};
  if (in_target_ > 0) return in_target_;
  SW_TRY(outcome());
  return std::size_t{0};
}

std::size_t Transfer::on_header(std::string_view line) {
  bytes_in_window_ += line.size();
  header_bytes_ += line.size();
  if (header_bytes_ > max_header_bytes) {
    too_many_headers_ = true;
    return 0;
  }
  auto size = line.size();
  if (line.starts_with("HTTP/")) {  // of each answer: 100 Continue, a proxy's, the last
    head_.headers.clear();
    auto parts = words(line);
    head_.status = parts.size() > 1 ? static_cast<int>(to_u64(parts[1]).value_or(0) % 1000) : 0;
    return size;
  }
  line = trim(line);
  if (line.empty()) {
    headers_done_ = head_.status >= 200;
    return size;
  }
  // After the body these are trailers, which we have no use for.
  if (headers_done_) return size;
  if (auto halves = cut(line, ":"))
    head_.headers.emplace_back(std::string(trim(halves->left)), std::string(trim(halves->right)));
  return size;
}

std::size_t Transfer::on_body(std::string_view bytes) {
  if (spill_.size() - spill_offset_ >= max_spill) {
    paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  bytes_in_window_ += bytes.size();
  auto direct = bytes.copy(target_.data() + in_target_, target_.size() - in_target_);
  in_target_ += direct;
  spill_.append(bytes.substr(direct));
  return bytes.size();
}

std::size_t Transfer::on_upload(std::span<char> buffer) {
  auto n = upload_->read(buffer);
  if (!n) {
    upload_error_ = n.error();
    return CURL_READFUNC_ABORT;
  }
  bytes_in_window_ += *n;
  return *n;
}

std::size_t Transfer::header_callback(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->on_header({data, size * count});
}

std::size_t Transfer::body_callback(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->on_body({data, size * count});
}

std::size_t Transfer::upload_callback(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->on_upload({data, size * count});
}

}  // namespace seawall::net::detail
