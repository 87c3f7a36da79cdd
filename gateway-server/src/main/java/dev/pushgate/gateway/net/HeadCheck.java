package dev.pushgate.gateway.net;

import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.rest.ApiResponse;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets requests in by their heads, before a byte of a body is read. Thread-safe.
final class HeadCheck {
  private static final String WEB_SOCKET_PATH = "/ws";

  /// What is heard of at all (RFC 9110, section 9.3; RFC 5789): at an address where it is not
  /// answered it gets 405. All else is 501.
  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS,
          HttpMethod.CONNECT,
          HttpMethod.TRACE);

  /// A header of a WebSocket draft of 2010, at whose sight Netty reads eight bytes of body.
  private static final String OLD_WEB_SOCKET_KEY = "sec-websocket-key1";

  /// What came of a check.
  sealed interface Verdict {
    record Accepted(RequestHead head) implements Verdict {}

    /// To be handed to the WebSocket's side when the request is complete.
    record Upgrade(RequestHead head) implements Verdict {}

    /// To be answered at once, and the connection closed: what follows the head is not read.
    record Refused(ApiResponse answer) implements Verdict {}
  }

  private final int maxBodyBytes;
  private final ClientOrigin origin;
  private final boolean webSockets;

  /// @param webSockets whether `/ws` is served here
  HeadCheck(int maxBodyBytes, ClientOrigin origin, boolean webSockets) {
    this.maxBodyBytes = maxBodyBytes;
    this.origin = origin;
    this.webSockets = webSockets;
  }

  Verdict check(HttpRequest request, Channel socket, String requestId) {
    ApiResponse unreadable = unreadable(request);
    if (unreadable != null) {
      return new Verdict.Refused(unreadable);
    }
    Optional<RequestTarget> target = RequestTarget.of(request);
    if (target.isEmpty()) {
      return refused(400, "The request's target or its Host header is not valid");
    }
    HttpHeaders headers = request.headers();
    String host = target.get().host();
    return check(
        RequestHead.of(
            request,
            target.get(),
            origin.remoteAddress(socket.remoteAddress(), headers),
            origin.publicOrigin(host, socket.localAddress(), headers),
            requestId));
  }

  private Verdict check(RequestHead head) {
    if (webSockets && head.target().path().equals(WEB_SOCKET_PATH)) {
      return checkUpgrade(head);
    }
    ApiResponse unwanted = unwantedBody(head.request());
    return unwanted == null ? new Verdict.Accepted(head) : new Verdict.Refused(unwanted);
  }

  private static Verdict checkUpgrade(RequestHead head) {
    if (!head.asksForWebSocket()) {
      return new Verdict.Refused(TransportAnswers.upgradeRequired());
    }
    return hasBody(head.request())
        ? refused(400, "A request for a WebSocket has no body")
        : new Verdict.Upgrade(head);
  }

  private static @Nullable ApiResponse unreadable(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return undecodable(request.decoderResult());
    }
    HttpVersion version = request.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      return TransportAnswers.malformed(505, "HTTP/1.1 and HTTP/1.0 are spoken here");
    }
    if (!METHODS.contains(request.method())) {
      return TransportAnswers.malformed(501, "This method is not known here");
    }
    if (hasOtherCoding(request.headers())) {
      return TransportAnswers.malformed(501, "Of transfer codings only chunked is known here");
    }
    return request.headers().contains(OLD_WEB_SOCKET_KEY)
        ? TransportAnswers.malformed(400, "This draft of WebSocket is not spoken here")
        : null;
  }

  /// The answer to a body that the decoder gave up on.
  static ApiResponse undecodableBody(DecoderResult result) {
    return result.cause() instanceof TooLongHttpHeaderException
        ? TransportAnswers.malformed(431, "The request's trailers are too large or too many")
        : TransportAnswers.malformed(400, "The request's body is not well-formed HTTP");
  }

  private static ApiResponse undecodable(DecoderResult result) {
    return switch (result.cause()) {
      case TooLongHttpLineException _ ->
          TransportAnswers.malformed(414, "The request line is too long");
      case TooLongHttpHeaderException _ ->
          TransportAnswers.malformed(431, "The request's headers are too large or too many");
      default -> TransportAnswers.malformed(400, "This is not a well-formed HTTP request");
    };
  }

  private @Nullable ApiResponse unwantedBody(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (hasUnknownExpectation(request)) {
      return TransportAnswers.malformed(417, "Only 100-continue can be expected");
    }
    if (!hasBody(request)) {
      return null;
    }
    if (isEncoded(headers)) {
      return TransportAnswers.refused(
          Refusal.UNSUPPORTED_MEDIA_TYPE, "Compressed bodies are not accepted");
    }
    return HttpUtil.getContentLength(request, 0L) > maxBodyBytes
        ? TransportAnswers.bodyTooLarge(maxBodyBytes)
        : null;
  }

  static boolean hasBody(HttpRequest request) {
    return HttpUtil.isTransferEncodingChunked(request)
        || HttpUtil.getContentLength(request, 0L) > 0;
  }

  /// RFC 9110, section 10.1.1; HTTP/1.0 knows no expectations.
  private static boolean hasUnknownExpectation(HttpRequest request) {
    return request.headers().contains(HttpHeaderNames.EXPECT)
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && !HttpUtil.is100ContinueExpected(request);
  }

  private static boolean isEncoded(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.CONTENT_ENCODING).stream()
        .anyMatch(value -> !value.equalsIgnoreCase("identity"));
  }

  /// Where chunked is not the last one, the decoder has refused the request already.
  private static boolean hasOtherCoding(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.TRANSFER_ENCODING).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .anyMatch(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase("chunked"));
  }

  private static Verdict refused(int status, String sentence) {
    return new Verdict.Refused(TransportAnswers.malformed(status, sentence));
  }
}
