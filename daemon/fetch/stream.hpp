#pragma once
/// A WebSocket (RFC 6455) over TLS. Debian's curl has none, so only the connection is curl's: its resolver, the address
/// guard and `connect_to` are those of every request. This file and serve/ are the ones that name Beast.
#include "daemon/fetch/multi.hpp"

namespace campaignd::fetch {

/// Shakes hands over a socket that is connected to `target`, and takes it over. A server that declines the upgrade
/// gives a stream whose one batch is its answer.
asio::awaitable<Result<std::unique_ptr<Stream>>> open_stream(asio::io_context& loop, Clock& clock, const Setup& setup,
                                                             Target target, Request request, int socket);

}  // namespace campaignd::fetch
