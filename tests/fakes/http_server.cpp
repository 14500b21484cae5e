#include "fakes/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

namespace seawall::fakes {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  auto folded = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return folded(x) == folded(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

Request parse_head(std::string_view head) {
  Request request;
  auto line_end = head.find("\r\n");
  auto first = head.substr(0, line_end);
  auto space = first.find(' ');
  request.method = first.substr(0, space);
  auto rest = first.substr(std::min(space + 1, first.size()));
  request.target = rest.substr(0, rest.find(' '));
  while (line_end != head.npos && line_end + 2 < head.size()) {
    auto begin = line_end + 2;
    line_end = head.find("\r\n", begin);
    auto line = head.substr(begin, line_end == head.npos ? head.npos : line_end - begin);
    auto colon = line.find(':');
    if (colon == line.npos) continue;
    request.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  return request;
}

std::string reply_head(const Reply& reply) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
  for (auto& [name, value] : reply.headers) head.append(name).append(": ").append(value).append("\r\n");
  bool bodiless = reply.status == 204 || reply.status == 304 || reply.status < 200;
  if (reply.chunked)
    head += "Transfer-Encoding: chunked\r\n";
  else if (!bodiless)
    head += "Content-Length: " + std::to_string(reply.claimed_length.value_or(reply.body.size())) + "\r\n";
  if (reply.after == After::close) head += "Connection: close\r\n";
  return head + "\r\n";
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    auto n = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string as_chunk(std::string_view piece) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
  return std::string(size).append(piece).append("\r\n");
}

}  // namespace

struct HttpServer::Impl {
  Handler handler;
  int listener = -1;
  std::uint16_t port = 0;
  mutable std::mutex mutex;
  std::condition_variable ended;
  bool stopping = false;
  std::vector<Request> seen;
  std::vector<int> sockets;
  std::vector<std::jthread> threads;
  std::size_t connections = 0;
  std::mutex handler_mutex;
  std::jthread acceptor;

  void listen_on_loopback() {
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 64) != 0) std::abort();
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }

  void accept_loop() {
    for (;;) {
      int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      std::lock_guard lock(mutex);
      if (stopping || socket < 0) {
        if (socket >= 0) ::close(socket);
        return;
      }
      ++connections;
      sockets.push_back(socket);
      threads.emplace_back([this, socket] { serve(socket); });
    }
  }

  void serve(int socket) {
    std::string buffered;
    while (serve_one(socket, buffered)) {
    }
    std::lock_guard lock(mutex);
    std::erase(sockets, socket);
    ::close(socket);
  }

  // False once the connection is done with.
  bool serve_one(int socket, std::string& buffered) {
    auto head_end = read_until(socket, buffered, "\r\n\r\n");
    if (head_end == std::string::npos) return false;
    auto request = parse_head(std::string_view(buffered).substr(0, head_end));
    buffered.erase(0, head_end + 4);
    auto length = std::strtoull(request.header("content-length").c_str(), nullptr, 10);
    while (buffered.size() < length)
      if (!read_more(socket, buffered)) return false;
    request.body = buffered.substr(0, length);
    buffered.erase(0, length);
    {
      std::lock_guard lock(mutex);
      seen.push_back(request);
    }
    std::unique_lock one_at_a_time(handler_mutex);
    auto reply = handler(request);
    one_at_a_time.unlock();
    return answer(socket, request, reply);
  }

  bool answer(int socket, const Request& request, const Reply& reply) {
    if (!send_all(socket, reply_head(reply))) return false;
    if (request.method != "HEAD" && !send_body(socket, reply)) return false;
    if (reply.after == After::stall) {
      std::unique_lock lock(mutex);
      ended.wait(lock, [this] { return stopping; });
    }
    return reply.after == After::keep_open;
  }

  bool send_body(int socket, const Reply& reply) {
    auto piece = reply.piece == 0 ? std::max<std::size_t>(reply.body.size(), 1) : reply.piece;
    for (std::size_t at = 0; at < reply.body.size(); at += piece) {
      auto bytes = std::string_view(reply.body).substr(at, piece);
      if (!send_all(socket, reply.chunked ? as_chunk(bytes) : std::string(bytes))) return false;
      if (reply.between.count() == 0) continue;
      std::unique_lock lock(mutex);
      if (ended.wait_for(lock, reply.between, [this] { return stopping; })) return false;
    }
    // A chunked body that is to be cut has no last chunk.
    if (reply.chunked && reply.after == After::keep_open) return send_all(socket, "0\r\n\r\n");
    return true;
  }

  static bool read_more(int socket, std::string& buffered) {
    char bytes[65536];
    auto n = ::recv(socket, bytes, sizeof bytes, 0);
    if (n <= 0) return false;
    buffered.append(bytes, static_cast<std::size_t>(n));
    return true;
  }

  static std::size_t read_until(int socket, std::string& buffered, std::string_view mark) {
    for (;;) {
      // A TLS handshake: this server has none, and says so at once.
      if (!buffered.empty() && buffered.front() == '\x16') return std::string::npos;
      auto at = buffered.find(mark);
      if (at != std::string::npos) return at;
      if (buffered.size() > (std::size_t{1} << 20) || !read_more(socket, buffered)) return std::string::npos;
    }
  }

  void stop() {
    {
      std::lock_guard lock(mutex);
      stopping = true;
      for (int socket : sockets) ::shutdown(socket, SHUT_RDWR);
    }
    ended.notify_all();
    ::shutdown(listener, SHUT_RDWR);
    acceptor.join();
    threads.clear();
    ::close(listener);
  }
};

HttpServer::HttpServer(Handler handler) : impl_(std::make_unique<Impl>()) {
  impl_->handler = std::move(handler);
  impl_->listen_on_loopback();
  impl_->acceptor = std::jthread([impl = impl_.get()] { impl->accept_loop(); });
}

HttpServer::~HttpServer() { impl_->stop(); }

std::string HttpServer::host() const { return "127.0.0.1:" + std::to_string(impl_->port); }

std::string HttpServer::url(std::string_view path) const { return "http://" + host() + std::string(path); }

std::vector<Request> HttpServer::requests() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->seen;
}

std::size_t HttpServer::connections() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->connections;
}

std::string Request::header(std::string_view name) const {
  for (auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

Script& Script::on(std::string path, std::vector<Reply> replies) {
  routes_.emplace_back(std::move(path), std::move(replies));
  return *this;
}

HttpServer::Handler Script::handler() const {
  auto used = std::make_shared<std::map<std::string, std::size_t>>();
  return [routes = routes_, used](const Request& request) {
    auto path = request.target.substr(0, request.target.find('?'));
    for (auto& [route, replies] : routes) {
      if (route != path || replies.empty()) continue;
      auto index = std::min((*used)[route]++, replies.size() - 1);
      return replies[index];
    }
    return Reply{.status = 404};
  };
}

}  // namespace seawall::fakes
