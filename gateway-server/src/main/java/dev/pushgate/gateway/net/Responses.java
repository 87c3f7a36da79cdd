package dev.pushgate.gateway.net;

import dev.pushgate.rest.ApiResponse;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/// Makes HTTP messages of the API's answers. Thread-safe.
final class Responses {
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final byte[] NO_BODY = {};

  private final HttpDate date;

  Responses(Clock clock) {
    this.date = new HttpDate(clock);
  }

  /// The answer to `Expect: 100-continue`.
  static FullHttpResponse goOn() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
  }

  /// An answer; without its body when that is too large to be written at once.
  ///
  /// @param request what is answered; null when that could not be read
  /// @param last whether the connection is closed after this answer
  HttpResponse of(
      ApiResponse answer, @Nullable HttpRequest request, String requestId, boolean last) {
    boolean bodiless = request != null && request.method().equals(HttpMethod.HEAD);
    HttpResponse response =
        response(HttpResponseStatus.valueOf(answer.status()), bodiless ? NO_BODY : answer.body());
    HttpHeaders headers = response.headers();
    answer.headers().forEach(headers::set);
    headers.set(HttpHeaderNames.DATE, date.now());
    headers.set(RequestId.HEADER, requestId);
    // RFC 9110, section 8.6: a 204 has no length, and a 304's would be that of the 200.
    if (answer.status() != NO_CONTENT && answer.status() != NOT_MODIFIED) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    }
    if (last) {
      headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (request != null && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    return response;
  }

  private static HttpResponse response(HttpResponseStatus status, byte[] body) {
    return body.length > AnswerWriter.PIECE_BYTES
        ? new DefaultHttpResponse(HttpVersion.HTTP_1_1, status)
        : new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
  }
}
