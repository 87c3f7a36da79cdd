package dev.pushgate.gateway.relay.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The arguments of one script call, in order. Not thread-safe; given away with the call.
public final class ScriptArgs {
  private final List<byte[]> values = new ArrayList<>();
  private long bytes;

  public ScriptArgs add(String value) {
    return add(value.getBytes(StandardCharsets.UTF_8));
  }

  public ScriptArgs add(long value) {
    return add(Long.toString(value));
  }

  /// @param value not to be changed any more
  public ScriptArgs add(byte[] value) {
    values.add(value);
    bytes += value.length;
    return this;
  }

  List<byte[]> values() {
    return values;
  }

  long bytes() {
    return bytes;
  }
}
