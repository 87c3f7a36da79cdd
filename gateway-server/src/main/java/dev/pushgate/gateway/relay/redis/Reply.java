package dev.pushgate.gateway.relay.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a script returned: a list of numbers, texts and lists. What does not have the shape that is
/// asked for is an [IllegalStateException], for our own scripts answer. Immutable.
public final class Reply {
  private final List<@Nullable Object> values;

  @SuppressWarnings("unchecked") // read only
  Reply(List<?> values) {
    this.values = (List<@Nullable Object>) values;
  }

  public int size() {
    return values.size();
  }

  public long number(int index) {
    return switch (at(index)) {
      case Long number -> number;
      case byte[] text -> Long.parseLong(new String(text, StandardCharsets.US_ASCII));
      case Object other -> throw unexpected(index, other);
    };
  }

  public String text(int index) {
    return new String(bytes(index), StandardCharsets.UTF_8);
  }

  public byte[] bytes(int index) {
    return switch (at(index)) {
      case byte[] bytes -> bytes;
      case Long number -> Long.toString(number).getBytes(StandardCharsets.US_ASCII);
      case Object other -> throw unexpected(index, other);
    };
  }

  public Reply list(int index) {
    if (at(index) instanceof List<?> list) {
      return new Reply(list);
    }
    throw unexpected(index, at(index));
  }

  /// Its items, which are lists themselves.
  public Stream<Reply> lists() {
    return Stream.iterate(0, i -> i + 1).limit(size()).map(this::list);
  }

  private Object at(int index) {
    Object value = index < values.size() ? values.get(index) : null;
    if (value == null) {
      throw new IllegalStateException("a script's answer has nothing at " + index);
    }
    return value;
  }

  private static IllegalStateException unexpected(int index, Object value) {
    return new IllegalStateException(
        "a script's answer has a " + value.getClass().getSimpleName() + " at " + index);
  }
}
