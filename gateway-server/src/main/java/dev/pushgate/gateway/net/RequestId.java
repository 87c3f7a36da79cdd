package dev.pushgate.gateway.net;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.ThreadLocalRandom;

/// The name of a request in its answer and in the log.
final class RequestId {
  static final String HEADER = "x-request-id";

  private static final int MAX_LENGTH = 128;

  private RequestId() {}

  /// The client's own when it is 1 to 128 visible ASCII characters, else a new one.
  static String of(HttpHeaders headers) {
    String given = headers.get(HEADER);
    return given != null && isAllowed(given) ? given : fresh();
  }

  /// 16 hexadecimal digits. It names, it does not protect: so no secure random numbers are spent on
  /// it.
  static String fresh() {
    String digits = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return "0".repeat(16 - digits.length()) + digits;
  }

  private static boolean isAllowed(String id) {
    return !id.isEmpty()
        && id.length() <= MAX_LENGTH
        && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
