package dev.pushgate.gateway.net;

/// What an [HttpConnection] is about.
enum ConnectionState {
  /// For a request, or for the rest of its head.
  AWAITING,
  /// The head was let in; the body is coming.
  READING,
  /// The API has the request.
  WORKING,
  /// It waits for its turn to become a WebSocket.
  UPGRADING,
  /// The answer is on its way into the socket.
  ANSWERING,
  /// All is said; what still comes is thrown away until the client has closed.
  LINGERING,
  /// Closed, or handed over.
  GONE
}
