package dev.pushgate.gateway.net;

import dev.pushgate.rest.ApiRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The head of a request that was let in. Immutable.
///
/// @param request as decoded
/// @param target where the request goes
/// @param remoteAddress the client's IP address as text
/// @param publicOrigin where clients reach this server
/// @param requestId the name of the request
/// @param headers those of `request`, as the API takes them
record RequestHead(
    HttpRequest request,
    RequestTarget target,
    String remoteAddress,
    String publicOrigin,
    String requestId,
    Map<String, String> headers) {

  static RequestHead of(
      HttpRequest request,
      RequestTarget target,
      String remoteAddress,
      String publicOrigin,
      String requestId) {
    return new RequestHead(
        request, target, remoteAddress, publicOrigin, requestId, headersOf(request));
  }

  boolean asksForWebSocket() {
    return request.method().equals(HttpMethod.GET)
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && request.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
  }

  /// The whole request for the API.
  ApiRequest withBody(byte[] body) {
    return new ApiRequest(
        request.method().name(),
        target.path(),
        target.query(),
        headers,
        body,
        remoteAddress,
        publicOrigin,
        requestId);
  }

  private static Map<String, String> headersOf(HttpRequest request) {
    HttpHeaders given = request.headers();
    Map<String, String> headers = new HashMap<>();
    for (Map.Entry<String, String> field : given) {
      headers.computeIfAbsent(
          field.getKey().toLowerCase(Locale.ROOT), name -> String.join(", ", given.getAll(name)));
    }
    return headers;
  }
}
