package dev.pushgate.gateway.net;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The value of the `Date` header, made anew once a second. Thread-safe: at a turn of the second
/// two threads may both make it, and make the same.
public final class HttpDate {
  /// RFC 9110, section 5.6.7. (Java's RFC_1123_DATE_TIME writes days with one digit.)
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private record Text(long second, String text) {}

  private final Clock clock;
  private volatile Text last = new Text(Long.MIN_VALUE, "");

  public HttpDate(Clock clock) {
    this.clock = clock;
  }

  /// In the form of RFC 9110, section 5.6.7.
  public String now() {
    long second = Math.floorDiv(clock.millis(), 1000L);
    Text text = last;
    if (text.second != second) {
      text = new Text(second, IMF_FIXDATE.format(Instant.ofEpochSecond(second)));
      last = text;
    }
    return text.text;
  }
}
