package dev.pushgate.rest;

import java.util.Map;

/// One HTTP response. Immutable.
///
/// @param headers beside `Content-Length`, `Date` and `X-Request-Id`, which the transport adds
/// @param body to be sent, or for `HEAD` only to be measured; empty for 204 and 304
public record ApiResponse(int status, Map<String, String> headers, byte[] body) {
  public ApiResponse {
    headers = Map.copyOf(headers);
  }
}
