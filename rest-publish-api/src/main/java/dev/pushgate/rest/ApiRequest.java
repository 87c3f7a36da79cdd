package dev.pushgate.rest;

import dev.pushgate.core.name.ClientNetwork;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One HTTP request, read whole. Immutable.
///
/// @param method in capitals
/// @param path percent-encoded where it must be, without the query nor a `/` too many at its
///     end; begins with `/`
/// @param query as sent, percent-encoded, without the `?`; empty when there is none
/// @param headers by lowercase name, a character for each byte; of a header sent more than once,
///     the values joined by `, `
/// @param body the body, already held against the size limit; empty when there is none
/// @param remoteAddress the client's IP address as text
/// @param publicOrigin where clients reach this server: `http(s)://host[:port]`
/// @param requestId the id of this request, for the answer and the log
public record ApiRequest(
    String method,
    String path,
    String query,
    Map<String, String> headers,
    byte[] body,
    String remoteAddress,
    String publicOrigin,
    String requestId) {

  /// What is counted of the client's address.
  String network() {
    return ClientNetwork.of(remoteAddress);
  }

  /// @param name in lowercase
  public @Nullable String header(String name) {
    return headers.get(name);
  }
}
