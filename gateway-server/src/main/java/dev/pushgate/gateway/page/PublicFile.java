package dev.pushgate.gateway.page;

import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// A file that anybody may have, with its two forms ready in memory. Immutable.
///
/// @param plain the file itself
/// @param gzipped the same, compressed
/// @param policy the headers that every answer about it has, also one that refuses
record PublicFile(Form plain, Form gzipped, Map<String, String> policy) {
  private static final byte[] NO_BODY = {};

  /// One form of the file.
  ///
  /// @param headers those of a 200
  record Form(byte[] content, EntityTag tag, Map<String, String> headers) {}

  /// @param caching its `Cache-Control`
  static PublicFile of(
      byte[] content, String contentType, String caching, Map<String, String> policy) {
    Map<String, String> headers = new HashMap<>(policy);
    headers.put("content-type", contentType);
    headers.put("cache-control", caching);
    headers.put("vary", "accept-encoding");
    EntityTag tag = EntityTag.of(content, "");
    headers.put("etag", tag.text());
    Form plain = new Form(content, tag, Map.copyOf(headers));

    EntityTag gzipTag = EntityTag.of(content, "gzip");
    headers.put("etag", gzipTag.text());
    headers.put("content-encoding", "gzip");
    Form gzipped = new Form(gzip(content), gzipTag, Map.copyOf(headers));
    return new PublicFile(plain, gzipped, Map.copyOf(policy));
  }

  /// Answers `GET`, and `HEAD`, of which the transport sends the head alone.
  ApiResponse read(ApiRequest request) {
    Form form = AcceptEncoding.takesGzip(request.header("accept-encoding")) ? gzipped : plain;
    return form.tag().isIn(request.header("if-none-match"))
        ? new ApiResponse(304, form.headers(), NO_BODY)
        : new ApiResponse(200, form.headers(), form.content());
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }
}
