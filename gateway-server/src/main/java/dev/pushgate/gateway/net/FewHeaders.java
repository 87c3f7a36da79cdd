package dev.pushgate.gateway.net;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/// The fields of one head, or of one body's trailers: as many as a client has use for. Netty bounds
/// their bytes alone, and a field of four bytes takes 150 on the heap. Confined to the connection's
/// event loop.
final class FewHeaders extends DefaultHttpHeaders {
  static final int MAX_FIELDS = 100;

  static final HttpHeadersFactory FACTORY =
      new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
          return new FewHeaders();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
          return new FewHeaders();
        }
      };

  /// Bad input is no news, and costs no stack trace of its own.
  private static final TooLongHttpHeaderException TOO_MANY =
      new TooLongHttpHeaderException("more than " + MAX_FIELDS + " fields");

  private FewHeaders() {}

  /// By this one Netty's decoder adds each field.
  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    if (size() >= MAX_FIELDS) {
      throw TOO_MANY;
    }
    return super.add(name, value);
  }
}
